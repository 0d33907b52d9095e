# The stack of examples/misp, started with modules that lack half of what misp needs: it
# is learned in one run, with an attack in it, and works enforced after that, with no
# more than the modules grant that confine makes. Then the same without ever being
# permissive.
# limit: 4200 s
# shellcheck shell=sh
# shellcheck disable=SC2317 # check calls them
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=misp/stack.sh
. /test/misp/stack.sh
stack=/srv/learn
type=misp_misp.process
log=/var/log/audit/audit.log
transcript=$out/80-learn.txt

is_enforcing() { [ "$(selcage mode)" = enforcing ]; }
works_enforced() {
	check "$1: it reads the database" wait_until 90 says 'an event' ask /db
	check "$1: and counts in the cache" says 'visit [0-9]' ask /cache
	check "$1: a mail is taken" says '^250 OK' ask /mail
}

# learn NAME OPTION...: what it says goes to $transcript.NAME
learn() {
	name=$1
	shift
	selcage learn misp --spec spec.yaml --project misp --yes "$@" \
		>"$work/$name" 2>&1 </dev/null
	status=$?
	cp "$work/$name" "$transcript.$name"
	return $status
}

# vectors MODULE...: how many misp's domain has with these
vectors() {
	selcage prove --json --policy clean.33 "$@" | python3 -c '
import json, sys
for line in map(json.loads, sys.stdin):
    if line.get("domain") == sys.argv[1]:
        print(line["vectors"])' $type
}

# stored: misp's module as the store has it
stored() {
	python3 -c 'import bz2, sys; print(bz2.open(sys.argv[1], "rt").read(), end="")' \
		/var/lib/selinux/default/active/modules/*/misp_misp/cil
}

# scripts: what is done while it is learned, in the container and from outside
scripts() {
	# What somebody does who got in, of the table of attacks: all that is for a
	# container without any power.
	awk -F '\t' '!/^#/ && index(" " $5, " plain=") { print $1, $2 }' \
		/test/attacks.tsv >attack.list
	cat >attack.sh <<-END
		podman restart --time 5 misp_misp_1
		sleep 5
		podman cp /usr/bin/act misp_misp_1:/tmp/act
		podman exec --interactive misp_misp_1 /tmp/act <attack.list
	END
	# What its operator does: all that it is there for.
	cat >exercise.sh <<-END
		. /test/lib.sh
		. /test/misp/stack.sh
		stack=$stack
		cd $stack
		podman restart --time 5 misp_misp_1
		works "while it is learned"
		ask /modules
	END
	# shellcheck disable=SC2016 # for that script
	printf '%s\n' 'podman restart --time 5 misp_misp_1' 'sleep 15' \
		'for what in db cache mail; do' \
		'	curl --silent --max-time 60 http://127.0.0.1/$what; echo' 'done' \
		>again.sh
}

check "the images are there" images
folders
cd $stack || exit 1
scripts
# without any of our modules
cp "$(echo /etc/selinux/default/policy/policy.*)" clean.33
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
check "but it does not work" refused says 'an event' ask /db

# In one run.
mark
learn one --for 20m --canary 30s -- sh -c 'sh attack.sh; sh exercise.sh'
sed -n 's/^\(not ok\|ok\) - /&/p' "$work/one"
check "misp is learned in one run, and loaded" grep -q '^loaded 1 module' "$work/one"
check "it took one policy load beside those that begin and end the run" \
	says '^3$' policy_loads
check "it is enforcing" is_enforcing
check "nothing that worked is denied" refused grep 'rolled back' "$work/one"
podman restart --time 5 misp_misp_1 >"$work/id"
works "enforcing"

# Of the attack nothing is granted.
check "an attack is seen" grep -q '^warning  something in it tried' "$work/one"
tried=$(denials --events --json --source $type | grep -c '"permissive":true')
check "of which it was held back from nothing: $tried" [ "$tried" -gt 30 ]
stored >misp_misp.cil
cp misp_misp.cil "$out/80-learn.cil"
sed -n 's/^ *(allow process //p' misp_misp.cil >learned.rules
sed -n 's/^ *(allow process //p' cage/misp_misp.cil >hand.rules
cat learned.rules >&2
for what in sys_chroot postgresql ssh_port memory disk shadow proc_ sysctl packet rawip \
	netlink mounton unconfined user_namespace mknod; do
	check "nothing is granted of the attack: $what" refused grep "$what" learned.rules
done
mkdir -p both
cp cage/selcage_base.cil both/
{
	sed '$d' cage/misp_misp.cil
	sed 's/^/    (allow process /' learned.rules
	echo ')'
} >both/misp_misp.cil
hand=$(vectors cage/selcage_base.cil cage/misp_misp.cil)
all=$(vectors both/selcage_base.cil both/misp_misp.cil)
learned=$(vectors half/selcage_base.cil misp_misp.cil)
half=$(vectors half/selcage_base.cil half/misp_misp.cil)
echo "# vectors: $half half, $learned learned, $hand by hand, $all both"
check "it was half, and is more" [ "${half:-0}" -lt "${learned:-0}" ]
check "no more is granted than by hand: $learned of $hand" \
	[ "${learned:-999999}" -le "${hand:-0}" ]
check "and nothing else: both together are what is made by hand" \
	[ "${all:-0}" = "${hand:-1}" ]

# What the file does not say is doubtful, until somebody says it.
check "that misp asks the modules is doubtful" grep -q -e '--grant ircd_port_t:tcp_socket' \
	"$work/one"
check "and refused" says 'Permission denied' ask /modules
learn granted --for 5m --grant ircd_port_t:tcp_socket -- curl --silent --max-time 60 \
	http://127.0.0.1/modules
check "granted, it is loaded" grep -q '^loaded 1 module' "$work/granted"
check "and works" says '"modules": 3' ask /modules

# Never permissive: in rounds.
check "half is loaded again" says '^loaded' selcage load --yes half
podman restart --time 5 misp_misp_1 >"$work/id"
sleep 10
check "so it does not work" refused says 'an event' ask /db
mark
learn rounds --enforcing --for 10m -- sh again.sh
rounds=$(grep -c '^loaded 1 module' "$work/rounds")
check "misp is learned in $rounds rounds" [ "$rounds" -gt 0 ]
check "never permissive" lacks '"permissive":true' denials --events --json --source $type
check "and is not now" is_enforcing
podman restart --time 5 misp_misp_1 >"$work/id"
works_enforced "after rounds"
stored >misp_misp.cil
rounds=$(vectors half/selcage_base.cil misp_misp.cil)
check "with no more than by hand: $rounds of $hand" \
	[ "${rounds:-999999}" -le "${hand:-0}" ]
cp $log "$out/80-learn.log"
compose down
check "it comes out, as it went in" says 'unloaded 7 modules' selcage unload --yes --all
