# selcage watch hears an enforcing kernel, and nothing that it tells is lost or
# counted twice.
# limit: 400 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
audit=/var/log/audit/audit.log

# denied N: a program in the cage is denied as often
denied() {
	awk -v n="$1" 'BEGIN { while (n--) print "w" n, "read", "/etc/shadow" }' |
		as web /srv/bin/act 2>&1 | cat >/run/denied
}

# watching NAME OPTION...: in the background, from when it hears
watching() {
	told=$out/$1.json
	shift
	selcage watch --json --domain shop_web.process "$@" >"$told" 2>/run/watch.err &
	watcher=$!
	wait_for "$told" '"kind":"source"'
}

# ended: it is, with 0, and has counted N
ended() {
	kill $watcher
	wait $watcher || return 1
	grep -q "\"kind\":\"end\",\"records\":$1,\"different\":1," "$told" && return 0
	cat "$told" >&2
	return 1
}

mkdir -p /var/log/audit
rm -f $audit

check "watch hears the kernel" watching watch
check "it says so" grep -q '"way":"kernel"' "$told"
denied 3
check "it tells a denial, and its class" wait_for "$told" \
	'"kind":"denial".*"target":"shadow_t".*"verdict":"guarded"'
check "it counts the others when it is quiet" wait_for "$told" \
	'"kind":"count","n":1,"count":3,'
check "it ends by SIGTERM" ended 3

# The same from a stream that was recorded, as lines and as the kernel sent it.
record_stream() {
	records --stream $out/watch.nl </dev/null >/run/stream.ready &
	recorder=$!
	wait_for /run/stream.ready ready || return 1
	record watch denied 3
	kill $recorder
	wait $recorder 2>/dev/null
	selcage watch --json - <$out/watch.log | grep '"kind":"denial"' >/run/lines.json
	selcage watch --json - <$out/watch.nl | grep '"kind":"denial"' |
		head -n 1 >/run/stream.json
	[ -s /run/lines.json ]
}
check "a stream is recorded" record_stream
check "it says what its lines say" cmp /run/lines.json /run/stream.json

# Too fast: it sleeps while more comes than the kernel keeps for it, and the log
# has all of it.
records $audit </dev/null >/run/log.ready &
logger=$!
wait_for /run/log.ready ready
check "watch hears the kernel, with little room" watching watch-overflow --buffer 65536
denied 2
wait_for "$told" '"kind":"denial"'
kill -STOP $watcher
denied 200
all_logged() { [ "$(grep -c '^type=AVC.*shadow_t' $audit)" -ge 202 ]; }
tries=0
until all_logged || [ $tries = 200 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
check "the log has all" all_logged
kill -CONT $watcher
check "it says that the kernel dropped some" wait_for "$told" '"overflows":1,'
check "it has read the log for them" wait_for "$told" \
	'"overflows":1,"catching_up":false,"caught_up":[1-9][0-9]*,"unmended":0'
denied 1
check "it hears on" wait_for "$told" '"count":203,'
check "each is counted once" ended 203

# Who may not hear the kernel follows the log.
grep -q '^user:' /etc/passwd ||
	echo 'user:x:1000:1000::/:/bin/sh' >>/etc/passwd
chmod 755 /var/log /var/log/audit
chmod 644 $audit
told=$out/watch-log.json
su -s /bin/sh -c "exec selcage watch --json --domain shop_web.process" user \
	</dev/null >"$told" 2>/run/watch.err &
check "it follows the log where it may not hear the kernel" wait_for "$told" \
	'"way":"file","why":"cannot hear the kernel.*CAP_AUDIT_READ'
denied 1
check "and tells what comes" wait_for "$told" '"kind":"denial".*"target":"shadow_t"'
kill "$(pidof selcage)"
wait_for "$told" '"kind":"end"'
kill $logger
wait $logger 2>/dev/null
rm $audit
neither() {
	su -s /bin/sh -c "selcage watch" user </dev/null >/run/said 2>&1
	[ $? = 2 ] && grep -q 'CAP_AUDIT_READ.*cannot open.*audit.log' /run/said
}
check "with neither it says why" neither
