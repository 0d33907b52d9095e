# selcage learn: a service whose module lacks half of what it needs, with an attack
# among what it does; and whatever ends a run, the domain is enforcing afterwards.
# limit: 700 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
web_t=shop_web.process

# tries OPERATION...: "mode allowed", or "mode denied"
tries() { as web /srv/bin/act mode "$@" 2>&1 | cat; }
allowed() { [ "$(tries "$@")" = "mode allowed" ]; }
denied() { [ "$(tries "$@")" = "mode denied" ]; }
permissive() { allowed read /etc/shadow; }
enforcing() { denied read /etc/shadow; }

# until COMMAND...: tried for 30 seconds
until_is() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 60 ] || return 1
		sleep 0.5
	done
}

# says PATTERN FILE
says() {
	grep -q -e "$1" "$2" && return 0
	echo "no '$1' in $2:" >&2
	cat "$2" >&2
	return 1
}
lacks() { ! grep -e "$1" "$2" >&2; }

# learn NAME OPTION... : into /run/NAME; its status is in $status
learn() {
	name=$1
	shift
	selcage learn $web_t --with /policy/half --spec /test/compose.yaml \
		--project shop -o /run/learned --yes "$@" >/run/$name \
		2>/run/$name.err </dev/null
	status=$?
}

[ -e /srv/bin/act ] || {
	# shellcheck source=play.sh
	. /test/play.sh
	prepare
}
mkdir -p /run/systemd/system /run/learned
cp /test/systemd-run /usr/bin/systemd-run
ln -sf systemd-run /usr/bin/systemctl
cp /policy/half/shop_web.cil /run/before.cil

# What a server of its kind does, and what somebody does who got in.
cat >/run/work.list <<'EOF'
up setuid
low listen 80
peer connect 3306
own read /srv/web/page
EOF
cat >/run/attack.list <<'EOF'
shadow read /etc/shadow
runtime open-write /srv/shared/runc
disk read /dev/nvme0n1
memory read /dev/mem
engine unix /run/docker.sock
other read /srv/db/table
enforce open-write /sys/fs/selinux/enforce
chroot chroot /srv/web
ssh bind 22
redis bind 6379
redis2 connect 6379
smtp connect 25
memory2 execmem
EOF
cat >/run/play.sh <<'EOF'
. /test/lib.sh
play() { while read -r name what; do
	as web /srv/bin/act "$name" $what 2>&1 </dev/null | cat
done </run/"$1.list"; }
for list in "$@"; do play $list; done
EOF

check "the kernel takes the policy that lacks half" load half
check "so it does not work" denied listen 80
check "nor reach its peer" denied connect 3306
before=$(sha256sum </sys/fs/selinux/policy)

learn dry --dry-run
check "a dry run shows the plan" says "make $web_t permissive until" /run/dry
check "and ends well" [ $status = 0 ]
check "and does nothing" [ "$(sha256sum </sys/fs/selinux/policy)" = "$before" ]

learn work --for 2m -- sh /run/play.sh work
check "what it needs is learned" [ -s /run/learned/shop_web.cil ]
check "and said as it comes" says '^  missing-rule  connects to tcp ports of mysqld_port_t' \
	/run/work
check "with the end of the command" says 'the command ended with 0' /run/work.err
check "all of it: nothing stays denied" [ $status = 0 ]
check "proven" says '^proven' /run/work
check "enforcing again" enforcing
check "the kernel has the policy that it had" \
	selcage prove /run/before.cil --policy /sys/fs/selinux/policy
for rule in 'mysqld_port_t (tcp_socket (name_connect))' \
	'http_port_t (tcp_socket (name_bind))' 'self (capability (set'; do
	check "a rule: $rule" says "(allow process $rule" /run/learned/shop_web.cil
done
cp /run/learned/shop_web.cil /run/good.cil
rm /run/learned/shop_web.cil

learn attack --for 2m -- sh /run/play.sh attack work
check "an attack among it: it is said" says '^warning  something in it tried' /run/attack
check "with exit code 1" [ $status = 1 ]
sed '/; seen/d' /run/good.cil >/run/good
sed '/; seen/d' /run/learned/shop_web.cil >/run/got
check "and what it needs is learned, and nothing else" diff /run/good /run/got
for what in shadow_t memory_device_t fixed_disk_device_t; do
	check "guarded: $what" says "guarded  $web_t -> $what" /run/attack
done
check "another's file is a matter of levels" says '^level' /run/attack
check "ports that nobody speaks for are doubtful" says 'ssh_port_t' /run/attack
rm /run/learned/shop_web.cil

learn never --enforcing --for 2m -- sh /run/play.sh attack work
check "never permissive: nothing is let through" lacks 'let through' /run/never
check "with what dontaudit hides" says 'log what dontaudit hides of' /run/never
check "and it ends: the kernel has what it had" [ "$(selcage mode)" = enforcing ]
check "all the same, it is learned" says 'mysqld_port_t (tcp_socket (name_connect))' \
	/run/learned/shop_web.cil

learn quiet --for 5m --quiet-for 1s
check "it ends when nothing new comes" says 'nothing new came' /run/quiet.err

# What is logged once is logged again, so that nothing hides behind a lost record.
learn again --for 1m -- sh -c '. /test/lib.sh
	for i in 1 2; do as web /srv/bin/act again listen 80; sleep 11; done 2>&1 | cat'
check "a need is told more than once" says 'http_port_t.*80' /run/again
check "by the kernel, which forgot it" lacks 'seen 1 time.* port 80' /run/again

# Whatever ends a run, it is enforcing.
begin() {
	selcage learn $web_t --with /policy/half -o /run/learned --yes "$@" \
		>/run/begun 2>&1 </dev/null &
	learner=$!
	until_is permissive
}
check "it is permissive while it is learned" begin --for 5m
check "as status says, loudly" sh -c 'selcage status 2>/dev/null | grep -q shop_web.process'
kill -INT $learner
wait $learner
check "a signal ends it" enforcing
check "and it says what it saw" says 'ended by a signal' /run/begun
check "it is permissive" begin --for 5m
load half
wait $learner
check "a policy of others ends it" enforcing
check "and it says so" says 'another policy was loaded' /run/begun
check "it is permissive once more" begin --for 5s
kill -9 $learner
wait $learner 2>/dev/null
check "kill -9: the timer ends it" until_is enforcing

# At any moment.
i=0
while [ $i -lt 6 ]; do
	selcage learn $web_t --with /policy/half -o /run/learned --yes --for 2s \
		-- sh -c 'sleep 0.3' >/run/killed 2>&1 </dev/null &
	learner=$!
	sleep $((i / 2)).$((i % 2 * 5))
	kill -9 $learner 2>/dev/null
	wait $learner 2>/dev/null
	i=$((i + 1))
	sleep 0.2
	check "kill -9, $i: it is enforcing in the end" until_is enforcing
done
sleep 3
check "the ledger knows of none" [ "$(selcage mode | wc -l)" = 1 ]
selcage mode enforcing $web_t >/dev/null 2>&1
journal=/var/lib/selcage/ledger/journal
check "each begin in it has its end" [ "$(grep -c '	begin	' $journal)" = \
	"$(grep -c '	\(done\|undone\)	' $journal)" ]
load caged
