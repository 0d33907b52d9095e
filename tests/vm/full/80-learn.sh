# limit: 3000 s
# The stack of examples/misp, started with modules that lack half of what misp needs: it
# is learned in one run, with an attack in it, and works enforced afterwards, with no
# more than the modules made by hand grant. And whatever befalls a run, nothing is
# permissive in the end.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=misp/stack.sh
. /test/misp/stack.sh
stack=/srv/learn
type=misp_misp.process
journal=/var/lib/selcage/ledger/journal

is_permissive() { selcage mode | grep -q "^  $type  until"; }
is_enforcing() { [ "$(selcage mode)" = enforcing ]; }

# begin OPTION...: a run in the background, until it is permissive
begin() {
	selcage learn $type --yes --output "$work" "$@" >"$work/begun" 2>&1 &
	learner=$!
	wait_until 60 is_permissive
}

# ledger_is_true: nothing in it is open, and nothing is said to be in force
ledger_is_true() {
	selcage mode enforcing $type >"$work/said" 2>&1
	[ "$(grep -c '	begin	' $journal)" = \
		"$(grep -c '	\(done\|undone\)	' $journal)" ]
}

# vectors MODULE...: how many the domain has
vectors() {
	selcage prove "$@" --policy "$(echo /etc/selinux/default/policy/policy.*)" |
		sed -n "s/^  $type  *\([0-9]*\)$/\1/p"
}

# What the operator does while it is learned, and what somebody does who got in.
cat >"$work/exercise.sh" <<'END'
. /test/lib.sh
. /test/misp/stack.sh
stack=/srv/learn
podman restart --time 5 misp_misp_1
works learning
podman exec misp_misp_1 python3 - <<'ATTACK'
import os, socket
def attempt(what):
    try:
        what()
    except OSError as e:
        print(e)
def bind(port):
    socket.socket().bind(("0.0.0.0", port))
def connect(port):
    socket.create_connection(("127.0.0.1", port), 2)
attempt(lambda: os.chroot("/"))
attempt(lambda: bind(5432))
attempt(lambda: bind(22))
attempt(lambda: connect(22))
attempt(lambda: open("/proc/sys/kernel/core_pattern", "w"))
attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
ATTACK
END

first() {
	check "the images are there" images
	folders
	cd $stack || exit 1
	check "selcage confine makes modules" says 'with-fix engine-unit' \
		selcage confine compose.yaml --project misp -o cage
	cp -r cage half
	sed -i '/dropuser/d; /drops to a user/d; /redis_port_t/d; /smtp_port_t/d
		/mysqld_port_t/d' half/misp_misp.cil
	check "half of what misp needs is loaded" says 'loaded 7 modules' \
		selcage load --yes --with-fix engine-unit half
	cp compose.yaml spec.yaml
	cp cage/compose.yaml compose.yaml
	check "the patched stack starts" compose up --detach
	sleep 20
	check "but does not work" refused says 'an event' ask /db

	check "misp is learned in one run" says "^loaded 1 module" \
		selcage learn $type --yes --for 20m --canary 20s --spec spec.yaml \
		--project misp -- sh "$work/exercise.sh"
	cp "$work/said" "$out/learn.txt"
	cat "$work/said" >&2
	check "it is enforcing" is_enforcing
	check "what worked is not denied" refused grep -q 'rolled back' "$out/learn.txt"
	podman restart --time 5 misp_misp_1 >"$work/id"
	works "learned, and enforcing"
	semodule -X 360 -c -E misp_misp 2>&1 | cat >"$work/extract"
	for what in chroot postgresql_port_t ssh_port_t core_pattern packet_socket; do
		check "nothing is granted of the attack: $what" refused \
			grep "$what" misp_misp.cil
	done
	learned=$(vectors half/selcage_base.cil misp_misp.cil)
	hand=$(vectors cage/selcage_base.cil cage/misp_misp.cil)
	echo "# $learned vectors learned, $hand by hand"
	check "no more is granted than by hand" [ "${learned:-999999}" -le "${hand:-0}" ]
	check "it can be taken back" says 'loaded 1 module' \
		selcage unload --previous --yes misp_misp
	compose down
	faults
	check "a run begins, and the host is booted again" begin --for 20m
	reboot
}

faults() {
	check "a run begins" begin --for 10s
	kill -9 $learner
	check "kill -9: the timer ends it" wait_until 60 is_enforcing
	check "and the ledger is true" ledger_is_true
	check "a run begins again" begin --for 10m
	semodule --build 2>&1 | cat >"$work/id"
	wait $learner
	check "a policy of others ends it" grep -q 'another policy was loaded' "$work/begun"
	check "so it is enforcing" is_enforcing
	check "with a true ledger" ledger_is_true
	mkdir -p "$work/ledger"
	cp -a /var/lib/selcage/. "$work/ledger"
	mounts mount none /var/lib/selcage tmpfs 0 size=64k
	cp -a "$work/ledger/ledger" /var/lib/selcage/ 2>"$work/id"
	head -c 1m /dev/zero >/var/lib/selcage/filler 2>"$work/id"
	selcage learn $type --yes --output "$work" --for 5s >"$work/begun" 2>&1
	check "full disk: nothing is learned" [ $? = 2 ]
	check "nor permissive" is_enforcing
	mounts umount /var/lib/selcage
	check "the ledger is true after it" ledger_is_true
}

case ${1-1} in
1) first ;;
2)
	check "after a boot the ledger is made true" ledger_is_true
	check "and nothing is permissive" is_enforcing
	;;
esac
