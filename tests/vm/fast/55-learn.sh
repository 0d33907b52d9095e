# selcage learn: a service whose module lacks half of what it needs, with an attack
# among what it does; and whatever ends a run, the domain is enforcing afterwards, and
# the ledger knows it.
# limit: 900 s
# shellcheck shell=sh
# shellcheck disable=SC2317 # check calls them
# shellcheck source=lib.sh
. /test/lib.sh
web_t=shop_web.process
ledger=/var/lib/selcage
journal=$ledger/ledger/journal

# tries OPERATION...: "mode allowed", or "mode denied"
tries() { as web /srv/bin/act mode "$@" 2>&1 | cat; }
allowed() { [ "$(tries "$@")" = "mode allowed" ]; }
denied() { [ "$(tries "$@")" = "mode denied" ]; }
permissive() { allowed read /etc/shadow; }
enforcing() { denied read /etc/shadow; }

# says PATTERN FILE
says() {
	grep -q -e "$1" "$2" && return 0
	echo "no '$1' in $2:" >&2
	cat "$2" >&2
	return 1
}
lacks() { ! grep -e "$1" "$2" >&2; }

# learn NAME OPTION...: into /run/NAME; its status is in $status
learn() {
	name=$1
	shift
	selcage learn $web_t --with /policy/half --spec /test/compose.yaml \
		--project shop -o /run/lessons --yes "$@" >"/run/$name" \
		2>"/run/$name.err" </dev/null
	status=$?
}

# begin OPTION...: a run in the background, from when it is permissive
begin() {
	selcage learn $web_t --with /policy/half -o /run/lessons --yes "$@" \
		>/run/begun 2>&1 </dev/null &
	learner=$!
	in_time 30 permissive
}

# truth: nothing is permissive, and the ledger, once it was looked at, has an end to
# each begin
truth() {
	[ "$(selcage mode | head -n 1)" = enforcing ] || return 1
	selcage mode enforcing $web_t >/run/said 2>&1
	[ "$(selcage mode)" = enforcing ] && [ "$(grep -c '	begin	' $journal)" = \
		"$(grep -c '	\(done\|undone\)	' $journal)" ] && return 0
	selcage mode >&2
	cat $journal >&2
	return 1
}

[ -e /srv/bin/act ] || {
	# shellcheck source=play.sh
	. /test/play.sh
	prepare
}
# What 50-status installed has web permissive.
rm -rf /etc/selinux/default/policy
mkdir -p /run/systemd/system /run/lessons
cp /test/systemd-run /usr/bin/systemd-run
ln -sf systemd-run /usr/bin/systemctl
cp /policy/half/shop_web.cil /run/before.cil

# What a server of its kind does, and what somebody does who got in.
cat >/run/work.list <<'END'
up setuid
low listen 80
peer connect 3306
own read /srv/web/page
END
cat >/run/attack.list <<'END'
shadow read /etc/shadow
runtime open-write /srv/shared/runc
disk read /dev/nvme0n1
memory read /dev/mem
engine unix /run/docker.sock
other read /srv/db/table
enforce open-write /sys/fs/selinux/enforce
policy open-write /sys/fs/selinux/load
become become current system_u:system_r:unconfined_t:s0
chroot chroot /srv/web
ssh bind 22
redis bind 6379
redis2 connect 6379
smtp connect 25
memory2 execmem
END
cat >/run/play.sh <<'END'
. /test/lib.sh
# by pipes: the cage may neither read nor write a file of the host
for list in "$@"; do
	cat "/run/$list.list" | as web /srv/bin/act 2>&1 | cat
done
END

check "the kernel takes the policy that lacks half" load half
check "so it does not work" denied listen 80
check "nor reach its peer" denied connect 3306
before=$(sha256sum </sys/fs/selinux/policy)

learn dry --dry-run
check "a dry run shows the plan" says "make $web_t permissive until" /run/dry
check "and ends well" [ $status = 0 ]
check "and does nothing" [ "$(sha256sum </sys/fs/selinux/policy)" = "$before" ]

learn work --for 2m -- sh /run/play.sh work
check "what it needs is learned" [ -s /run/lessons/shop_web.cil ]
check "and said as it comes" \
	says '^  missing-rule  connects to tcp ports of mysqld_port_t' /run/work
check "with the end of the command" says 'the command ended with 0' /run/work.err
check "all of it: nothing stays denied" [ $status = 0 ]
check "proven" says '^proven' /run/work
check "enforcing again" enforcing
check "the kernel has the policy that it had" \
	selcage prove /run/before.cil --policy /sys/fs/selinux/policy
for rule in 'mysqld_port_t (tcp_socket (name_connect))' \
	'http_port_t (tcp_socket (name_bind))' 'self (capability (set'; do
	check "a rule: $rule" says "(allow process $rule" /run/lessons/shop_web.cil
done
cp /run/lessons/shop_web.cil /run/good.cil
rm /run/lessons/shop_web.cil

learn attack --for 2m -- sh /run/play.sh attack work
check "an attack among it: it is said" says '^warning  something in it tried' /run/attack
check "with exit code 1" [ $status = 1 ]
sed '/; seen/d' /run/good.cil >/run/good
sed '/; seen/d' /run/lessons/shop_web.cil >/run/got
check "and what it needs is learned, and nothing else" diff /run/good /run/got
for what in shadow_t memory_device_t fixed_disk_device_t; do
	check "guarded: $what" says "guarded  $web_t -> $what" /run/attack
done
check "guarded: to become another domain" \
	says "guarded  $web_t -> .*:process { .*\(setcurrent\|dyntransition\)" /run/attack
check "another's file is a matter of levels" says '^level' /run/attack
check "ports that nobody speaks for are doubtful" says 'ssh_port_t' /run/attack
rm /run/lessons/shop_web.cil

learn never --enforcing --for 2m -- sh /run/play.sh attack work
check "never permissive: nothing is let through" lacks 'let through' /run/never
check "with what dontaudit hides" says 'log what dontaudit hides of' /run/never
check "and it ends: the kernel has what it had" [ "$(selcage mode)" = enforcing ]
check "all the same, it is learned" says 'mysqld_port_t (tcp_socket (name_connect))' \
	/run/lessons/shop_web.cil

learn quiet --for 5m --quiet-for 1s
check "it ends when nothing new comes" says 'nothing new came' /run/quiet.err

# A permissive domain is told each thing once; made to forget, the kernel tells it again,
# so that a record which was lost hides nothing.
cat >/run/twice.sh <<'END'
. /test/lib.sh
for i in 1 2; do
	as web /srv/bin/act again listen 80 2>&1 | cat
	sleep 11
done
END
learn twice --json --for 1m -- sh /run/twice.sh
check "a need is told more than once" \
	says '"target":"http_port_t".*"why":"seen 2 times' /run/twice
check "and enforcing again" enforcing

# --- whatever ends a run
for signal in TERM HUP; do
	check "it is permissive while it is learned" begin --for 5m
	selcage status >/run/status 2>&1
	check "as status says" says "$web_t" /run/status
	kill "-$signal" "$learner"
	wait "$learner"
	check "SIG$signal ends it" enforcing
	check "and it says what it saw" says 'ended by a signal' /run/begun
	check "the ledger is true" truth
done

check "it is permissive" begin --for 5m
load half
wait "$learner"
check "a policy of others ends it" enforcing
check "and it says so" says 'another policy was loaded' /run/begun
check "the ledger is true" truth

check "it is permissive once more" begin --for 5s
kill -9 "$learner"
wait "$learner" 2>/dev/null
check "kill -9: the timer ends it" in_time 30 enforcing
check "the ledger is true" truth

# Its output is a pipe that nobody reads any more, once the plan was shown.
(
	selcage learn $web_t --with /policy/half -o /run/lessons --yes --for 20s -- \
		sh /run/play.sh work 2>/run/pipe.err
	echo $? >/run/pipe.status
) </dev/null | head -n 1 >/run/pipe
check "its reader is gone: it says so" [ "$(cat /run/pipe.status)" = 2 ]
check "and it is enforcing" enforcing
check "the ledger is true" truth

# Right before one of its calls that write.
once() { # as a whole, so that each of them has the same calls
	selcage learn $web_t --with /policy/half -o /run/lessons --yes --for 3s \
		-- sh /run/play.sh work >/run/killed 2>&1 </dev/null
}
KILL_COUNT=/run/count LD_PRELOAD=/usr/bin/kill_at.so once
calls=$(cat /run/count)
echo "# $calls calls"
for part in 1 2 3 4 5 6 7 8; do
	point=$(((calls * part + 7) / 8))
	KILL_AT=$point LD_PRELOAD=/usr/bin/kill_at.so once
	check "killed before call $point of $calls" [ $? = 137 ]
	permissive && was=permissive || was=enforcing
	check "it was $was; it is enforcing in the end" in_time 30 enforcing
	check "and the ledger is true" truth
done

# No room for the ledger: before a run, and in one.
cp -a $ledger /run/ledger
mount -t tmpfs -o size=$(($(du -sk $ledger | cut -f 1) + 400))k full $ledger
cp -a /run/ledger/. $ledger/
check "it is permissive while there is room" begin --for 5m
dd if=/dev/zero of=$ledger/filler bs=4k 2>/dev/null
kill "$learner"
wait "$learner"
check "a full disk: it is enforcing all the same" enforcing
learn full --for 30s -- true
check "nothing new is learned" [ $status = 2 ]
check "which it says" says 'No space left' /run/full.err
check "nor is it permissive" enforcing
rm $ledger/filler
check "with room again the ledger is true" truth
umount $ledger
check "and the one below as it was" truth
load caged
