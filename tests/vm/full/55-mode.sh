# A domain that is permissive for a while is so no longer than that: a timer of systemd
# ends it, also if selcage is killed; and so do a load of the store's policy, a full
# disk, and a reboot.
# limit: 1800 s
# shellcheck shell=sh
# shellcheck disable=SC2317 # check calls them
# shellcheck source=lib.sh
. /test/lib.sh
domain=certwatch_t
ledger=/var/lib/selcage/ledger

is_permissive() { says "^  $domain  until" selcage mode; }
is_enforcing() {
	selcage mode >mode.out && grep -q '^enforcing$' mode.out &&
		! grep "^  $domain  \(until\|by\)" mode.out
}
# tries OPERATION...: "mode allowed", or "mode denied"
tries() {
	runcon "system_u:system_r:$domain:s0" /usr/local/bin/permissive mode "$@" 2>&1 |
		cat
}
reads_shadow() { [ "$(tries read /etc/shadow)" = "mode allowed" ]; }
is_denied() { [ "$(tries read /etc/shadow)" = "mode denied" ]; }
timers() { systemctl list-units --all --no-legend 'selcage-mode-*.timer' | wc -l; }
no_timers() { [ "$(timers)" = 0 ]; }
permissive() { selcage mode permissive $domain --yes "$@"; }
all_ended() {
	[ "$(grep -c '	begin	' "$ledger/journal")" = \
		"$(grep -c '	\(done\|undone\)	' "$ledger/journal")" ]
}
# in_force: is the kernel's policy the one that the host boots with?
in_force() {
	was=$(sha256sum </sys/fs/selinux/policy)
	load_policy && [ "$was" = "$(sha256sum </sys/fs/selinux/policy)" ]
}

if [ "${1-1}" = 2 ]; then
	check "after the reboot nothing is permissive" is_enforcing
	check "the domain is denied" is_denied
	check "and the kernel's policy is the installed one, with what dontaudit hides" \
		in_force
	check "mode says that a reboot ended it" \
		says "$domain  no more, .*: a reboot ended it" selcage mode
	check "no timer is left" no_timers
	check "the next command notes it" says 'booted again' permissive --for 1h
	check "and the domain may again" reads_shadow
	check "until it is ended" says "$domain is enforcing" \
		selcage mode enforcing $domain
	check "so it may not" is_denied
	check "each begin in the ledger has its end" all_ended
	exit 0
fi

cp /usr/bin/act /usr/local/bin/permissive
chcon -t certwatch_exec_t /usr/local/bin/permissive
check "the domain runs" [ "$(tries fork)" = "mode allowed" ]
check "and is denied" is_denied

# The timer.
check "it is made permissive for 8 s" says "is permissive until" permissive --for 8s
check "which mode says" is_permissive
check "and may" reads_shadow
check "a timer of systemd is there" [ "$(timers)" = 1 ]
check "which ends it" wait_until 120 is_enforcing
check "so it may not" is_denied
check "no timer is left" wait_until 30 no_timers
check "systemd has nothing that failed" lacks selcage-mode systemctl list-units --failed
check "and the ledger has nothing open" all_ended

# Killed right before one of its calls that write: either it came to nothing, or the
# timer ends it. Of the last ones none is passed over.
KILL_COUNT=$work/count LD_PRELOAD=/usr/bin/kill_at.so \
	selcage mode permissive $domain --yes --for 2m >long.log 2>&1
selcage mode enforcing $domain --quiet
calls=$(cat count)
for point in 3 $((calls / 2)) $((calls - 7)) $((calls - 5)) $((calls - 4)) \
	$((calls - 3)) $((calls - 2)) $((calls - 1)); do
	KILL_AT=$point LD_PRELOAD=/usr/bin/kill_at.so \
		selcage mode permissive $domain --yes --for 8s >killed.log 2>&1
	check "killed before call $point of $calls" [ $? = 137 ]
	reads_shadow && was=permissive || was=nothing
	check "it was $was, and the end comes" wait_until 120 no_timers
	check "after which it is denied" wait_until 60 is_denied
done
check "which selcage says too" is_enforcing
# As soon as it is in force.
permissive --for 8s >killed.log 2>&1 &
victim=$!
tries=0
until reads_shadow || [ $tries = 600 ]; do tries=$((tries + 1)); done
kill -9 $victim 2>/dev/null
check "killed once it is in force: it was" [ $tries -lt 600 ]
check "the timer ends it" wait_until 120 is_enforcing
check "so it may not read" is_denied

# Others.
check "permissive, for an hour" says "is permissive until" permissive --for 1h
check "a load of the installed policy ends it" load_policy
check "so it is enforcing" is_enforcing
check "and denied" is_denied
check "for an hour again" says "is permissive until" permissive --for 1h
check "semanage makes it permissive in the store" sh -c "semanage permissive -a $domain 2>&1 | cat"
check "permissive by the store: selcage leaves it so" \
	says "semanage permissive -d $domain" selcage mode enforcing $domain
check "and takes it out again" sh -c "semanage permissive -d $domain 2>&1 | cat"
check "a rebuild of the store ends the hour too: it is enforcing" is_enforcing
check "and denied as before" is_denied

# No room for the ledger.
cp -a $ledger kept
mounts mount none $ledger tmpfs 0 "size=$(($(du -sk kept | cut -f 1) + 400))k"
cp -a kept/. $ledger
check "permissive for 15 s" says "is permissive until" permissive --for 15s
check "so it may" reads_shadow
dd if=/dev/zero of=$ledger/filler bs=4k 2>/dev/null
check "the disk is full" [ "$(df --output=avail $ledger | tail -n 1)" -eq 0 ]
check "it ends on time all the same" wait_until 120 is_enforcing
check "and is denied" is_denied
check "nothing new is made permissive" says 'No space left' permissive --for 10s
check "so it is not" is_denied
check "the ledger is as it was" mounts umount $ledger

check "permissive over a reboot, with dontaudit off" says "is permissive until" \
	permissive --for 2h --no-dontaudit
check "it may read" reads_shadow
check "which is not what the host boots with" refused in_force
check "for two hours once more" says "is permissive until" \
	permissive --for 2h --no-dontaudit
check "until the power goes, it may" reads_shadow
reboot
