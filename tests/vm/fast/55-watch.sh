# selcage watch hears an enforcing kernel, and nothing that it tells is lost or
# counted twice.
# limit: 300 s
# shellcheck shell=sh
# shellcheck disable=SC2317 # check calls them
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

# ended N: it is, with 0, and has counted N
ended() {
	kill "$watcher"
	wait "$watcher" || return 1
	grep -q "\"kind\":\"end\",\"records\":$1,\"different\":1," "$told" && return 0
	cat "$told" >&2
	return 1
}

# logged N: does the log have as many denials, by now?
logged() { [ "$(grep -c '^type=AVC.*shadow_t' $audit)" -ge "$1" ]; }

# stream NAME OPTION...: the kernel's own bytes into $out/NAME.stream, from now on
stream() {
	bytes=$out/$1.stream
	shift
	records --stream "$@" "$bytes" </dev/null >/run/stream.ready &
	recorder=$!
	wait_for /run/stream.ready ready
}

# stream_end: all is there once it says that the program the-end was denied
stream_end() {
	as $ender /srv/bin/act the-end read /etc/shadow >/dev/null 2>&1
	wait_for "$bytes" 'comm="the-end" exe'
	sleep 0.1
	kill "$recorder"
	wait "$recorder" 2>/dev/null
}

[ -e /srv/bin/act ] || {
	# shellcheck source=play.sh
	. /test/play.sh
	prepare
}
mkdir -p /var/log/audit
rm -f $audit

check "watch hears the kernel" watching watch
check "it says so, and that there is no log" grep -q '"way":"kernel","log":false' "$told"
denied 3
check "it tells a denial, and its class" wait_for "$told" \
	'"kind":"denial".*"target":"shadow_t".*"verdict":"guarded"'
check "it counts the others when it is quiet" wait_for "$told" \
	'"kind":"count","n":1,"count":3,'
check "it ends by SIGTERM" ended 3

# The kernel's bytes, recorded, say what the lines that were recorded beside them do.
check "a stream is recorded" stream watch
check "and its lines" record watch denied 3
stream_end
selcage watch --json - <$out/watch.log | grep '"kind":"denial"' >/run/lines.json
selcage watch --json - <$out/watch.stream | grep '"kind":"denial"' |
	head -n 1 >/run/stream.json
check "there is a denial in it" [ -s /run/lines.json ]
check "the stream says what its lines say" cmp /run/lines.json /run/stream.json

check "a stream is recorded with room for few" stream overflow --room 8192
denied 1
in_time 20 [ -s $out/overflow.stream ]
kill -STOP "$recorder"
denied 40
kill -CONT "$recorder"
sleep 0.5
stream_end
check "the stream says that the kernel dropped some" sh -c "
	selcage watch - <$out/overflow.stream 2>&1 >/run/overflow.lines |
		grep 'the kernel dropped records'"
check "and has some of the others" grep -q 'shadow_t' /run/overflow.lines

# Too fast: it sleeps while more comes than the kernel keeps for it. auditd begins
# after it, and has all of it.
check "watch hears the kernel, with little room" watching watch-overflow --buffer 65536
records $audit </dev/null >/run/log.ready &
logger=$!
wait_for /run/log.ready ready
denied 2
wait_for "$told" '"kind":"denial"'
kill -STOP "$watcher"
denied 200
check "the log has all" in_time 20 logged 202
kill -CONT "$watcher"
check "it says that the kernel dropped some" wait_for "$told" '"overflows":1,'
check "it has read the log for them, which is new" wait_for "$told" \
	'"log":true,"overflows":1,"catching_up":false,"caught_up":[1-9][0-9]*,"unmended":0'
denied 1
check "it hears on" wait_for "$told" '"count":203,'
check "each is counted once" ended 203

# auditd renames its log while it is read for what was dropped.
check "it hears with little room again" watching watch-rotated --buffer 65536
kill -STOP "$watcher"
denied 100
in_time 20 logged 303
kill "$logger"
wait "$logger" 2>/dev/null
mv $audit $audit.1
records $audit </dev/null >/run/log.ready &
logger=$!
wait_for /run/log.ready ready
denied 100
in_time 20 logged 100
kill -CONT "$watcher"
check "what was dropped before and after a rotation is in both logs" wait_for "$told" \
	'"overflows":1,"catching_up":false,.*"unmended":0'
denied 1
check "and all is counted" wait_for "$told" '"count":201,'
check "each once" ended 201

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
kill "$logger"
wait "$logger" 2>/dev/null
rm $audit $audit.1
neither() {
	su -s /bin/sh -c "selcage watch" user </dev/null >/run/said 2>&1
	[ $? = 2 ] && grep -q 'CAP_AUDIT_READ.*cannot open.*audit.log' /run/said
}
check "with neither it says why" neither
