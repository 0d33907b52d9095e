# A host from SELinux disabled to enforcing and back by plan and apply, as Debian boots
# it: the kernel's line by update-grub, the boot that labels, packages, containers
# confined at the end; what nobody confirms, also over a boot; loss of power in apply.
# limit: 3600 s
# shellcheck shell=sh
# shellcheck disable=SC2046,SC2086,SC2317 # $only is words; check calls functions
# shellcheck source=lib.sh
. /test/lib.sh
config=/etc/selinux/config
journal=/var/lib/selcage/ledger/journal
units=/etc/systemd/system
image=localhost/services
# Files that are changed; grub.cfg is made of one of them.
files="$config /etc/default/grub /etc/containers/containers.conf /etc/docker/daemon.json"
# This guest is full of denials; and its engines have no units of Debian's policy.
exceptions="--profile selinux --exceptions /root/exceptions"

# expect MODE: how the next boot is to come up; or any
expect() {
	echo "$1" >/var/lib/selcage-tests/mode
	sync
}
config_is() { says "^SELINUX=$1\$" cat $config; }
check_of() { selcage host check $exceptions --json | grep "\"id\":\"selinux/$1\""; }
verdict() { says "\"verdict\":\"$2\"" check_of "$1"; }

# plan_of CHECK..., apply_of CHECK... [-- OPTION...]
only() {
	for one; do
		printf -- '--only selinux/%s ' "$one"
	done
}
plan_of() { selcage host plan $exceptions $(only "$@"); }
apply_of() {
	which=$(only $1)
	shift
	selcage host apply $exceptions $which --risk boot --yes "$@"
}

# whole NAME: what $files are, to the byte, with mode, owner and label, in a file. The
# label is asked of the disk: without SELinux nobody else tells it.
whole() {
	for file in $files; do
		stat --format '%n %a %u %g' $file 2>&1
		getfattr --absolute-names --only-values -n security.selinux $file 2>&1
		echo
		cat $file 2>&1
	done | tr -d '\0' >"$work/$1"
	grep '^[[:space:]]*linux[[:space:]]' /boot/grub/grub.cfg >>"$work/$1"
}
is_as() {
	whole now
	diff "$work/$1" "$work/now" >&2
}
# Each begin has its end, and nothing of ours lies beside the files.
is_settled() {
	[ "$(grep -c '	begin	' $journal)" = \
		"$(grep -c '	\(done\|undone\)	' $journal)" ] || return 1
	for file in $files; do
		lacks . find "$(dirname $file)" -maxdepth 1 -name '*.selcage*' ||
			return 1
	done
}
none_at_work() { [ -z "$(systemctl list-units --no-legend --state activating,active \
	'selcage-host-*.service')" ]; }
no_timer() {
	for folder in $units $units/timers.target.wants /var/lib/systemd/timers; do
		[ ! -d $folder ] ||
			lacks . find $folder -maxdepth 1 -name '*selcage-host*' || return 1
	done
}
# The last transaction that began, by its number.
latest() {
	awk -F '\t' '$4 == "begin" && $5 == "host" && $6 > n { n = $6 }
		END { print n + 0 }' $journal
}
# take_back FIRST: all from that number on, the last one first. One of which nothing was
# done is none.
take_back() {
	n=$(latest)
	while [ "$n" -ge "$1" ]; do
		selcage host rollback "$n" --yes >"$work/back" 2>&1 ||
			says "no transaction '$n'" cat "$work/back" || return 1
		cat "$work/back" >&2
		n=$((n - 1))
	done
}

# package NAME VERSION FOLDER: a .deb of what is in the folder, in the repository
package() {
	mkdir -p "$3/DEBIAN"
	cat >"$3/DEBIAN/control" <<-END
		Package: $1
		Version: $2
		Architecture: all
		Maintainer: tests of selcage <root@localhost>
		Description: a package of the tests
	END
	deb=/srv/repository/$1_$2_all.deb
	dpkg-deb --build --root-owner-group "$3" $deb >/dev/null
	{
		cat "$3/DEBIAN/control"
		echo "Filename: ./$(basename $deb)"
		echo "Size: $(stat --format %s $deb)"
		echo "SHA256: $(sha256sum $deb | cut -d ' ' -f 1)"
		echo
	} >>/srv/repository/Packages
}

# A repository of files, with the one tool that this guest then lacks; and one package
# that nobody wants is installed.
packages() {
	mkdir -p /srv/repository tools/usr/sbin unwanted/usr/sbin
	dpkg-query --listfiles policycoreutils-python-utils | while read -r file; do
		[ -d "$file" ] || [ ! -e "$file" ] || echo "${file#/}"
	done | tar -c -C / -T - | tar -x -C tools
	package policycoreutils-python-utils 99 tools
	echo '#!/bin/sh' >unwanted/usr/sbin/mcstransd
	package mcstrans 1 unwanted
	rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
	echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list
	apt-get -q update && apt-get -q -y install mcstrans
	rm -f /usr/sbin/semanage
}

# Debian's own way to boot, with AppArmor. The one outside takes the line from grub.cfg.
boot_loader() {
	mkdir -p /boot/grub
	echo 'a kernel' >"/boot/vmlinuz-$(uname -r)"
	cat >/etc/default/grub <<-END
		# How this guest boots
		GRUB_DEFAULT=0
		GRUB_TIMEOUT=0
		GRUB_CMDLINE_LINUX_DEFAULT="quiet"   # as it came
		GRUB_CMDLINE_LINUX="audit_backlog_limit=8192"
	END
	(cd / && update-grub)
}

# The power goes right before the call $1 of $calls of apply.
cut_at() {
	whole before
	echo $(($(latest) + 1)) >first
	expect any
	cut_power env KILL_BY=power KILL_AT=$1 LD_PRELOAD=/usr/bin/kill_at.so \
		selcage host apply $exceptions $(only $many) --risk boot --yes
}
# three files of three engines and the mode
many="config-mode podman-labels docker-labels"
unset_many() {
	[ -e kept ] || {
		mkdir kept
		cp -a --parents $files kept/ 2>/dev/null
	}
	sed -i s/^SELINUX=.*/SELINUX=permissive/ $config
	printf '[containers]\n# off for a while\nlabel = false\n' \
		>/etc/containers/containers.conf
	echo '{ "selinux-enabled": false, "log-level": "warn" }' >/etc/docker/daemon.json
}
# start NAME OPTION...: a container that runs
start() {
	container=$1
	shift
	podman run --detach --name "$container" --network none "$@" $image \
		sleep 1000 >/dev/null
}
put_kept() {
	rm -f /etc/containers/containers.conf
	cp -a kept/. /
}
point() { echo $((calls * $1 / 6)); }

calls=$(cat calls 2>/dev/null)
first=$(cat first 2>/dev/null)
case ${1:-1} in
1)
	echo 'selinux/trial 2099-12-31 tests: this guest is full of denials' \
		>/root/exceptions
	check "it has a repository" packages
	check "and a boot loader" boot_loader
	sed -i s/^SELINUX=.*/SELINUX=disabled/ $config
	whole disabled
	expect Disabled
	reboot
	;;
2)
	wanted="lsm-conflict config-mode policy-packages unwanted-packages"
	selcage host plan $exceptions >"$out/host-plan-disabled" 2>&1
	check "a host with SELinux off fails" verdict run-mode FAIL
	check "its next boot too" verdict config-mode FAIL
	check "for AppArmor is in its place" verdict lsm-conflict FAIL
	check "that all files wait for labels is no fault" verdict relabel-flag NA
	check "the plan says so in the boot loader's file" \
		says '^ *+GRUB_CMDLINE_LINUX=".*security=selinux' plan_of $wanted
	check "makes grub.cfg of it" says '\$ /usr/sbin/update-grub' plan_of $wanted
	check "is permissive first" says '^ *+SELINUX=permissive' plan_of $wanted
	check "says how long the labels take" \
		says 'about [0-9]* files get labels' plan_of $wanted
	check "installs what is missing" \
		says '\$ /usr/bin/apt-get -y install .*python-utils' plan_of $wanted
	check "and removes what is not wanted" \
		says '\$ /usr/bin/apt-get -y remove mcstrans' plan_of $wanted
	check "which needs more risk than none" \
		says 'with more risk' selcage host apply $exceptions $(only $wanted) --yes
	check "and is not done without" is_as disabled
	selcage host plan $exceptions $(only $wanted) --json >plan.json
	check "it is applied" selcage host apply plan.json --risk boot --yes \
		--exceptions /root/exceptions
	check "a second time there is nothing to do" says 'nothing to do' apply_of "$wanted"
	check "permissive from the next boot on" config_is permissive
	check "the tool is there" test -x /usr/sbin/semanage
	check "the package is gone" refused test -e /usr/sbin/mcstransd
	check "the kernel's line is in grub.cfg" \
		says 'linux.*security=selinux' cat /boot/grub/grub.cfg
	check "the ledger has nothing open" is_settled
	# made while nobody gives labels
	echo page >/srv/unlabelled
	expect Permissive
	reboot
	;;
3)
	check "the boot gave every file its label" \
		says ':var_t:' stat --format %C /srv/unlabelled
	check "and took its flag away" refused test -e /.autorelabel
	check "the check agrees" verdict label-sample PASS
	chcon -t tmp_t /etc/passwd
	check "a wrong label fails" verdict label-sample FAIL
	check "enforcing is not planned then" says 'other labels than' plan_of config-mode
	check "apply puts it right" apply_of label-sample
	check "which is so" says ':passwd_file_t:\|:etc_t:' stat --format %C /etc/passwd
	check "and passes" verdict label-sample PASS
	# one of Fedora's, which Debian's policy lacks
	echo '(boolean container_connect_any false)' >opens.cil
	semodule -i opens.cil 2>&1 | cat
	setsebool container_connect_any on
	check "a boolean that opens containers fails" verdict booleans FAIL
	check "apply switches it off" apply_of booleans
	check "in the kernel" says 'off$' getsebool container_connect_any
	check "and passes" verdict booleans PASS

	check "permissive: the plan is enforcing" \
		says '^ *+SELINUX=enforcing' plan_of config-mode
	whole permissive
	check "what nobody confirms" apply_of config-mode --confirm-within 20s
	check "is there for a while" config_is enforcing
	check "its timer too" refused no_timer
	check "and is taken back" wait_until 120 is_as permissive
	check "the timer with it" wait_until 30 no_timer
	check "and nothing failed" lacks selcage-host systemctl list-units --failed
	check "the ledger has nothing open" is_settled
	check "it is applied once more, to be confirmed after the boot" \
		apply_of config-mode --confirm-within 4m
	expect Enforcing
	reboot
	;;
4)
	check "it enforces" says Enforcing getenforce
	check "by its config" config_is enforcing
	check "a timer waits for somebody to confirm" \
		says selcage-host systemctl list-timers --all
	check "nobody does: it is taken back" wait_until 300 is_as permissive
	check "in the kernel too" wait_until 30 says Permissive getenforce
	check "and the timer is gone from the disk" wait_until 30 no_timer
	check "the ledger has nothing open" is_settled
	check "and who took it back is done" wait_until 60 none_at_work
	# the time is up while the host is off
	check "it is applied, for less than a boot takes" \
		apply_of config-mode --confirm-within 20s
	systemctl stop "$(basename $units/selcage-host-*.timer)"
	sleep 20
	# by the time that a test begins it may be over
	expect any
	reboot
	;;
5)
	check "what came due while it was off is taken back at once" \
		wait_until 60 is_as permissive
	check "in the kernel too, which had booted enforcing" wait_until 30 \
		says 'enforcing=0 old_enforcing=1' ausearch --input-logs \
		--message MAC_STATUS --start boot --raw
	check "and the timer is gone from the disk" wait_until 30 no_timer
	check "it is applied for good" apply_of config-mode --confirm-within 10m
	check "and confirmed" says 'stays' selcage host confirm
	check "which ends the timer" no_timer
	expect Enforcing
	reboot
	;;
6)
	check "it enforces" says Enforcing getenforce
	check "and goes on to" verdict config-mode PASS
	check "the check of the kernel passes" verdict run-mode PASS
	start caged
	check "a container is labelled and confined" \
		says ':container_t:s0:c[0-9]*,c[0-9]*$' domain_of caged
	check "which the check finds" verdict container-labels PASS
	start free --security-opt label=disable
	check "one without a label fails" verdict container-labels FAIL
	check "and is named" says '"what":"podman free"' check_of container-labels
	podman rm --force --time 1 free >/dev/null
	check "without it all is well" verdict container-labels PASS

	check "podman labels" verdict podman-labels PASS
	check "docker too" verdict docker-labels PASS
	whole enforcing
	unset_many
	sed -i s/^SELINUX=.*/SELINUX=enforcing/ $config
	check "podman told not to fails" verdict podman-labels FAIL
	check "docker too" verdict docker-labels FAIL
	start open
	check "what podman starts then has no label of its own" \
		lacks ':container_t:' domain_of open
	check "which fails" verdict container-labels FAIL
	podman rm --force --time 1 open >/dev/null
	check "apply puts both right" apply_of "podman-labels docker-labels"
	check "so podman labels" verdict podman-labels PASS
	check "docker too" verdict docker-labels PASS
	check "and its daemon runs, restarted" systemctl is-active docker.service
	check "with labels" says selinux docker info --format '{{.SecurityOptions}}'
	start again
	check "what podman starts is confined again" \
		says ':container_t:s0:c[0-9]*,c[0-9]*$' domain_of again
	check "and passes" verdict container-labels PASS
	check "rollback is what it was before" selcage host rollback --yes
	check "podman does not label" verdict podman-labels FAIL
	check "nor does docker, which runs" systemctl is-active docker.service
	podman rm --all --force --time 1 >/dev/null

	unset_many
	KILL_COUNT=calls LD_PRELOAD=/usr/bin/kill_at.so \
		selcage host apply $exceptions $(only $many) --risk boot --yes \
		>"$work/said" 2>&1
	calls=$(cat calls)
	check "three files at once, in $calls calls" config_is enforcing
	whole after
	check "all three are taken back" selcage host rollback --yes
	check "to the byte" config_is permissive
	cut_at "$(point 1)"
	;;
7 | 9 | 11)
	check "power lost at $(($1 - 6)) sixths: apply goes on" apply_of "$many"
	check "to the end" is_as after
	check "and the ledger is closed" is_settled
	check "all of it is taken back" take_back "$first"
	check "to what was before" is_as before
	[ "$1" = 11 ] || cut_at "$(point $(($1 - 5)))"
	put_kept
	check "back to the first transaction" wait_until 30 \
		says 'nothing to take back' selcage host rollback --yes
	check "which is the state before, to the byte" is_as disabled
	expect Disabled
	reboot
	;;
8 | 10)
	check "power lost at $(($1 - 6)) sixths: it is taken back" take_back "$first"
	check "to what was before" is_as before
	check "and the ledger is closed" is_settled
	cut_at "$(point $(($1 - 5)))"
	;;
12)
	check "the guest is as it was" is_as disabled
	check "with AppArmor in SELinux's place" says apparmor cat /sys/kernel/security/lsm
	cp $journal "$out/host-journal"
	expect any
	;;
esac
