# load and unload, and what stops them: kill -9 and loss of power right before a call
# that writes, a full disk, a store that is locked or cannot be written. After each the
# policy is whole, the ledger true, nothing permissive, and the next command goes on.
# limit: 3000 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
store=/var/lib/selinux/default
journal=/var/lib/selcage/ledger/journal
installed=/etc/selinux/default/policy
type=shop_web.process
site=/srv/faults

# change load|unload
change() {
	case $1 in
	load) selcage load --yes cage ;;
	unload) selcage unload --yes --all ;;
	esac
}

# What the kernel holds: its own form of it, how often it was given one, and a type.
kernel() { sha256sum </sys/fs/selinux/policy; }
times_loaded() { od -An -tu4 -j12 -N4 /sys/fs/selinux/status | tr -d ' '; }
knows_type() { printf 'system_u:system_r:%s:s0' $type 2>&- >/sys/fs/selinux/context; }

# Is the kernel's policy what the store compiled, and nothing permissive?
is_whole() {
	cmp $store/active/policy.kern "$(echo $installed/policy.*)" || return 1
	was=$(kernel)
	load_policy || return 1
	[ "$was" = "$(kernel)" ] || {
		echo "the kernel's policy is not the one installed" >&2
		return 1
	}
	[ "$(getenforce)" = Enforcing ] && lacks permissive semodule -lfull
}

# is_loaded, is_unloaded: kernel, store, ledger and a file's label all say so
is_loaded() {
	knows_type && says 'shop_web .*as loaded' selcage modules &&
		says :container_file_t: stat --format %C $site/page && is_whole
}
is_unloaded() {
	! knows_type 2>"$work/said" &&
		says 'loaded no modules' selcage modules &&
		says "^$label\$" stat --format %C $site/page && is_whole
}

# goes_once CLEAN COMMAND...: one policy load, by the kernel's count and its record
goes_once() {
	mark
	count=$(times_loaded)
	"$@" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		return 1
	}
	count=$(($(times_loaded) - count))
	[ $count = 1 ] && says '^1$' policy_loads && return 0
	echo "$count policy loads" >&2
	return 1
}

# killed COMMAND AT: it dies there, and then the same command does all of it
killed() {
	KILL_AT=$2 LD_PRELOAD=/usr/bin/kill_at.so change "$1" >"$work/killed" 2>&1
	[ $? = 137 ] || {
		echo "$1 at $2 was not killed" >&2
		tail -n 3 "$work/killed" >&2
		return 1
	}
	began=
	! tail -n 1 $journal 2>/dev/null | grep -q "	begin	" || began=yes
	change "$1" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		return 1
	}
	[ ! "$began" ] || grep 'was interrupted: ' "$work/said" >&2
}

# refuses PATTERN COMMAND...: exit code 2, the words, and nothing is changed
refuses() {
	pattern=$1
	shift
	was=$(kernel)
	"$@" >"$work/refused" 2>&1
	[ $? = 2 ] && grep -q -e "$pattern" "$work/refused" &&
		[ "$was" = "$(kernel)" ] && return 0
	tail -n 5 "$work/refused" >&2
	return 1
}

begin() {
	mkdir -p shop
	cat >shop/compose.yaml <<-END
		services:
		  web: { image: nginx, ports: [ "8080:80" ] }
	END
	selcage confine shop/compose.yaml --output cage >"$work/said" 2>&1 ||
		cat "$work/said" >&2
	sed '$d' cage/shop_web.cil >"$work/shop_web.cil"
	cat >>"$work/shop_web.cil" <<-END
		    (filecon "$site(/.*)?" any
		        (system_u object_r container_file_t ((s0 (c1 c2)) (s0 (c1 c2))))))
	END
	mv "$work/shop_web.cil" cage/
	mkdir -p $site
	echo page >$site/page
	stat --format %C $site/page >label
}

first() {
	begin
	label=$(cat label)
	times_loaded >"$work/said" # the kernel counts from when it is first asked
	load_policy
	check "load is one policy load" goes_once env KILL_COUNT="$work/load.count" \
		LD_PRELOAD=/usr/bin/kill_at.so selcage load --yes cage
	check "after which all say that it is loaded" is_loaded
	check "unload is one policy load" goes_once env KILL_COUNT="$work/unload.count" \
		LD_PRELOAD=/usr/bin/kill_at.so selcage unload --yes --all
	check "after which all say that it is gone" is_unloaded
	in=$(cat "$work/load.count")
	out_of=$(cat "$work/unload.count")
	# Six points, of which each costs three policies built; tests/store has hundreds.
	# The first load, which was counted, has some calls more than those after it.
	for point in "$((in / 3)) $((out_of / 2))" "$((in - 30)) $((out_of - 8))" \
		"$((in - 12)) $((out_of - 2))"; do
		check "load killed at call ${point% *} of $in goes on" \
			killed load "${point% *}"
		check "and is loaded" is_loaded
		check "unload killed at call ${point#* } of $out_of goes on" \
			killed unload "${point#* }"
		check "and is unloaded" is_unloaded
	done

	flock -F $store/semanage.trans.LOCK sleep 300 &
	holder=$!
	sleep 1
	check "a store that is locked is left alone" \
		refuses 'another program holds the store' change load
	kill $holder
	wait $holder
	folder=/var/lib/selinux
	mounts mount $folder $folder none 4096 '' &&               # MS_BIND
		mounts mount none $folder none $((4096 + 32 + 1)) '' # and read only
	check "a store that is read only is left alone" \
		refuses 'Read-only file system\|read only' change load
	mounts umount $folder
	check "a full disk stops it" \
		full 4000 /var/lib/selinux refuses 'disk is full\|No space' change load
	check "with all as it was" is_unloaded
	check "a full disk where the compiled policy goes stops it" \
		full 100 $installed refuses 'disk is full\|No space\|not the store' \
		change load
	check "and the next command goes on" change load
	check "to the end" is_loaded
}

# What was being done when the power went is done by the next command, or undone.
comes_back() {
	check "after loss of power all that began is whole" is_whole
	check "and $1 goes on" change "$1"
	check "to the end" "is_${1}ed"
}

label=$(cat label 2>/dev/null)
case ${1:-1} in
1)
	first
	reboot
	;;
2)
	echo "# the power goes in the middle of unload"
	cut_power env KILL_BY=power KILL_AT=$(($(cat "$work/unload.count") / 2)) \
		LD_PRELOAD=/usr/bin/kill_at.so selcage unload --yes --all
	;;
3)
	comes_back unload
	reboot
	;;
4)
	cut_power env KILL_BY=power KILL_AT=$(($(cat "$work/load.count") - 3)) \
		LD_PRELOAD=/usr/bin/kill_at.so selcage load --yes cage
	;;
5)
	comes_back load
	check "and it comes out" change unload
	;;
esac
