# lib.sh - what the tests in the guest share. Sourced.
# shellcheck shell=sh
out=/run/out
table=/test/operations.tsv

# check NAME COMMAND...: one TAP line
check() {
	name=$1
	shift
	if "$@"; then
		echo "ok - $name"
	else
		echo "not ok - $name"
	fi
}

# load NAME: replace the kernel's policy, in one write
load() { dd if="/policy/$1.33" of=/sys/fs/selinux/load bs=64M count=1 2>/dev/null; }

# level_of SERVICE: as selcage chose it, from the patched compose file
level_of() {
	awk -v service="$1" '
		$1 == service ":" { inside = 1 }
		inside && match($0, /label=level:[^" ]*/) {
			print substr($0, RSTART + 12, RLENGTH - 12)
			exit
		}' /policy/caged/compose.yaml
}

web=$(level_of web)
db=$(level_of db)

# as DOMAIN COMMAND...: run it there, as an engine would start it
as() {
	case $1 in
	web) context=system_u:system_r:shop_web.process:$web ;;
	db) context=system_u:system_r:shop_db.process:$db ;;
	*) echo "as: no domain '$1'" >&2; return 2 ;;
	esac
	shift
	runcon "$context" "$@"
}

# wait_for FILE PATTERN: until a line of FILE has it; 10 seconds at most
wait_for() {
	tries=0
	until grep -q "$2" "$1" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || { echo "no '$2' in $1" >&2; return 1; }
		sleep 0.05
	done
}

# in_time SECONDS COMMAND...: tried for so long
in_time() {
	left=$(($1 * 2))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.5
	done
}

# record NAME COMMAND...: run it with the kernel's records of it in $out/NAME.log.
# $ender must be denied to read shadow, and logged: by that the end is known.
ender=web
record() {
	log=$out/$1.log
	shift
	records "$log" </dev/null >/run/records.ready &
	reader=$!
	wait_for /run/records.ready ready || return 1
	"$@"
	# Records come in order: when this one is there, all are.
	as $ender /srv/bin/act the-end read /etc/shadow >/dev/null 2>&1
	wait_for "$log" 'type=SYSCALL.*comm="the-end"'
	sleep 0.1
	kill $reader
	wait $reader 2>/dev/null
	sed -i '/comm="the-end"/,$d' "$log"
}
