# A host from SELinux disabled to enforcing and back, by plan and apply: the boot that
# labels, containers confined at the end, what nobody confirms, and loss of power.
# limit: 3000 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
config=/etc/selinux/config
only="--profile selinux --only selinux/config-mode --exceptions /root/exceptions"
journal=/var/lib/selcage/ledger/journal

# expect MODE: how the next boot is to come up
expect() { echo "$1" >/var/lib/selcage-tests/mode; }
config_is() { says "^SELINUX=$1\$" cat $config; }

# one step further; $only is several words
# shellcheck disable=SC2086
plan() { selcage host plan $only; }
# shellcheck disable=SC2086,SC2119,SC2120
apply() { selcage host apply $only --risk boot --yes "$@"; }

# A file of three, in the middle of which the power goes; $1 is the call.
# shellcheck disable=SC2086
cut_at() {
	chmod 644 $config
	sed -i s/^SELINUX=.*/SELINUX=permissive/ $config
	expect any
	sync
	cut_power env KILL_BY=power KILL_AT="$1" LD_PRELOAD=/usr/bin/kill_at.so \
		selcage host apply $only --risk boot --yes
}

# Whole, whatever was done: one of two texts, no half, nothing of ours beside it.
comes_back() {
	check "after loss of power $1 the config is whole" \
		says '^SELINUX=\(permissive\|enforcing\)$' cat $config
	# shellcheck disable=SC2119
	apply >"$work/said" 2>&1 || cat "$work/said" >&2
	check "and the next apply goes on to the end" config_is enforcing
	check "with nothing left behind" \
		says '^0$' sh -c 'ls -A /etc/selinux | grep -c selcage'
	check "and a ledger that says so" says 'take\|nothing' selcage host rollback --dry-run
	expect Enforcing
}

case ${1:-1} in
1)
	echo 'selinux/trial 2099-12-31 tests: this guest is full of denials' \
		>/root/exceptions
	cp -a $config /root/config.before
	sed -i s/^SELINUX=.*/SELINUX=disabled/ $config
	expect Disabled
	reboot
	;;
2)
	check "disabled: the plan is permissive, labels and a boot" \
		says '^ *+SELINUX=permissive' plan
	check "with how long the labels take" says 'about [0-9]* files get labels' plan
	# shellcheck disable=SC2086
	check "which needs more risk than none" \
		says 'with more risk' selcage host apply $only --yes
	check "and is not done without" config_is disabled
	check "it is applied" apply
	check "a second time there is nothing to do" says 'nothing to do' apply
	check "permissive from the next boot on" config_is permissive
	rm -f /srv/unlabelled
	setfattr -x security.selinux /etc/passwd 2>"$work/said" ||
		python3 -c 'import os; os.removexattr("/etc/passwd", "security.selinux")'
	expect Permissive
	reboot
	;;
3)
	check "the boot gave every file its label" \
		says ':passwd_file_t:\|:etc_t:' stat --format %C /etc/passwd
	check "and took its flag away" refused test -e /.autorelabel
	check "permissive: the plan is enforcing" says '^ *+SELINUX=enforcing' plan
	cp $config "$work/permissive"
	stat --format '%a %u %g %C' $config >"$work/permissive.stat"
	check "what nobody confirms" apply --confirm-within 20s
	check "is there for a while" config_is enforcing
	check "and is taken back" wait_until 120 cmp $config "$work/permissive"
	check "with mode, owner and label" \
		says "^$(cat "$work/permissive.stat")\$" stat --format '%a %u %g %C' $config
	check "it is applied once more" apply --confirm-within 10m
	check "and confirmed" selcage host confirm
	check "which ends the timer" lacks selcage-host systemctl list-timers --all
	expect Enforcing
	reboot
	;;
4)
	check "it enforces" says Enforcing getenforce
	check "by its config" config_is enforcing
	check "a container is labelled and confined" \
		says ':container_t:s0:c[0-9]' podman run --rm --network none \
		localhost/services cat /proc/self/attr/current
	selcage host check --profile selinux --json >"$out/host-check.json" 2>"$work/said"
	check "the next boot enforces, says the check" \
		says '"id":"selinux/config-mode","verdict":"PASS"' cat "$out/host-check.json"
	selcage host rollback --yes >"$work/said" 2>&1
	check "it is taken back" config_is permissive
	# shellcheck disable=SC2086
	env KILL_COUNT="$work/count" LD_PRELOAD=/usr/bin/kill_at.so \
		selcage host apply $only --risk boot --yes >"$work/said" 2>&1
	cut_at $(($(cat "$work/count") / 6))
	;;
5 | 6 | 7 | 8)
	comes_back "number $(($1 - 4))"
	selcage host rollback --yes >"$work/said" 2>&1
	cut_at $(($(cat "$work/count") * ($1 - 3) / 6))
	;;
9)
	comes_back "number 5"
	cp -a /root/config.before $config
	reboot
	;;
10)
	check "the guest is as it was" cmp $config /root/config.before
	check "and its policy too" says Enforcing getenforce
	cp $journal "$out/host-journal"
	;;
esac
