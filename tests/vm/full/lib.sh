# lib.sh - what the tests of the full tier share. Sourced, in the guest.
#
# A test is NN-NAME.sh, run by sh as unconfined_t in enforcing mode. What it says: lines
# "ok - WHAT" and "not ok - WHAT", by check; on stderr what helps to find out why. It has
# 600 seconds, or what a line "# limit: N s" says. To have the guest rebooted it ends by
# `reboot`; it's run again with 2 as $1, then 3. What it leaves in $out comes back.
# What semodule and semanage say must go through a pipe: they may not write to our files.
# shellcheck shell=sh
# shellcheck disable=SC2034 # by the tests
out=/out
name=$(basename "$0" .sh)
work=/root/$name # where semanage_t may read modules
mkdir -p "$work"
cd "$work" || exit 1
# shellcheck source=said.sh
. /test/said.sh

# check WHAT COMMAND...: one TAP line; when it began goes to $out/NAME.times
check() {
	what=$1
	shift
	read -r up _ </proc/uptime
	echo "$up $what" >>"$out/$name.times"
	if "$@"; then
		echo "ok - $what"
	else
		echo "not ok - $what"
	fi
}

# refused COMMAND...: does it fail? To be checked
refused() { ! "$@"; }

# says PATTERN COMMAND...: does a line of what it says, on both, have the pattern?
says() {
	pattern=$1
	shift
	"$@" >"$work/said" 2>&1
	grep -q -e "$pattern" "$work/said" && return 0
	echo "no '$pattern' in what this said: $*" >&2
	tail -n 20 "$work/said" >&2
	return 1
}

# lacks PATTERN COMMAND...: does no line of what it says have the pattern?
lacks() {
	pattern=$1
	shift
	"$@" >"$work/said" 2>&1
	! grep -e "$pattern" "$work/said" >&2
}

# wait_until SECONDS COMMAND...: try it until it succeeds
wait_until() {
	left=$1
	shift
	until "$@" >"$work/tried" 2>&1; do
		left=$((left - 1))
		if [ "$left" -le 0 ]; then
			echo "never came to pass: $*" >&2
			tail -n 5 "$work/tried" >&2
			return 1
		fi
		sleep 1
	done
}

# reboot: end the test, have the guest rebooted, and be called again
reboot() { exit 75; }

# cut_power COMMAND...: the guest is reset while the command runs, which sees to that
# itself; what is in memory is lost, but for what this test said before. It is run again
# with the next number.
cut_power() {
	number=$(cat /var/lib/selcage-tests/number)
	echo $((number + 1)) >/var/lib/selcage-tests/number
	sync
	file=$out/$name
	[ "$number" = 1 ] || file=$file.$number
	said "$name" "$file"
	echo "# stage: reboot without power" >/dev/ttyS1
	"$@"
	echo "not ok - $name: the power is still on"
	exit 1
}

# mounts mount WHAT FOLDER KIND FLAGS OPTIONS | mounts umount FOLDER: the calls, for a
# unit's unconfined_t may not run mount.
mounts() {
	python3 - "$@" <<-END
		import ctypes, os, sys
		libc = ctypes.CDLL(None, use_errno=True)
		call, *args = sys.argv[1:]
		args = [int(a) if a.isdigit() else a.encode() for a in args]
		if getattr(libc, call)(*args) != 0:
		    sys.exit(call + ": " + os.strerror(ctypes.get_errno()))
	END
}

# full KIB FOLDER COMMAND...: run it where the folder's disk has only so much left
full() {
	room=$(($(du -sk "$2" | cut -f 1) + $1))
	folder=$2
	shift 2
	rm -rf "$work/copy"
	cp -a "$folder" "$work/copy"
	mounts mount none "$folder" tmpfs 0 "size=${room}k" || return 1
	cp -a "$work/copy/." "$folder"
	"$@"
	status=$?
	mounts umount "$folder"
	return $status
}

# mark: from here on, for denials and loads. A second of its own, so that what came
# before isn't counted.
mark() {
	sleep 1.1
	since=$(date -u +%Y-%m-%dT%H:%M:%S)
	since_ausearch=$(date -u '+%x %X')
}

# denials [OPTION...]: since the mark, as selcage counts them
denials() { selcage log --since "$since" "$@"; }

# ausearch_since TYPE: records of a type since the mark, as auditd's own tool finds them
ausearch_since() {
	# shellcheck disable=SC2086 # a date and a time
	ausearch --input-logs --message "$1" --start $since_ausearch --raw \
		2>/dev/null
}

# denied_types: the source types of all denials since the mark, by ausearch
denied_types() {
	ausearch_since AVC | sed -n \
		's/.*denied .* scontext=[^:]*:[^:]*:\([^: ]*\).*/\1/p' | sort | uniq -c
}

# policy_loads: since the mark, by the kernel's records
policy_loads() { ausearch_since MAC_POLICY_LOAD | grep -c '^type=MAC_POLICY_LOAD'; }

# domain_of CONTAINER: the context of its first process
domain_of() {
	tr -d '\0' <"/proc/$(podman inspect --format '{{.State.Pid}}' "$1")/attr/current"
}
