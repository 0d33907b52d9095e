# limit: 2700 s
# The stack of examples/misp with real servers: from its compose file to cages that let
# it work. How many policy loads does it take, what is denied then, what is hidden, and
# what can one service not do to another?
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=misp/stack.sh
. /test/misp/stack.sh
stack=/srv/misp
transcript=$out/misp.txt

# show COMMAND...: as in a terminal, for readers
show() {
	printf '\n$ %s\n\n' "$*" >>"$transcript"
	"$@" >"$work/shown" 2>&1
	status=$?
	cat "$work/shown" >>"$transcript"
	cat "$work/shown"
	return $status
}

# hidden: the denials of the stack since the mark that no line of /test/misp/hidden
# knows as noise
hidden() {
	denials --source 'misp_*' --json >"$out/misp-hidden.json"
	python3 /test/misp/unknown.py /test/misp/hidden <"$out/misp-hidden.json"
}

check "the images are there" images
check "a container ran here before" podman run --rm --entrypoint true \
	docker.io/library/redis:7.2
folders
cd $stack || exit 1

mark
start=$since
check "selcage confine makes modules" says 'with-fix engine-unit' \
	show selcage confine compose.yaml -o cage
check "selcage load proves and loads them" says 'loaded 7 modules' \
	show selcage load --yes --with-fix engine-unit cage
check "and gives the folder of containers that ran its label" \
	says ':container_runtime_t:' stat --format %C /run/crun
cp cage/compose.yaml compose.yaml
check "the patched stack starts" compose up --detach
podman ps --all >&2
works "one load"
check "nothing is denied" says 'no denials' show selcage log --since boot \
	--source 'misp_*'

# Nothing in the compose file says that misp asks the modules: that shows in the log.
check "what the file does not say is refused" says 'Permission denied' ask /modules
check "and logged" says 'misp_misp.process *-> ircd_port_t' show selcage log \
	--since boot --source 'misp_*'
check "selcage confine takes it from the log" says 'missing-rule ircd_port_t' \
	show selcage confine compose.yaml --denials /var/log/audit/audit.log -o cage
mark
check "selcage load replaces the module" says 'loaded' show selcage load --yes cage
check "with nothing restarted, misp asks the modules" \
	says '"modules": 3' ask /modules
works "two loads"
check "nothing is denied any more" says 'no denials' show selcage log \
	--since "$since" --source 'misp_*'
check "ausearch finds none either" lacks misp denied_types
since_ausearch=$(date -u -d "$start" '+%x %X')
check "it took two policy loads" says '^2$' policy_loads

# The other way: the file says it.
sed 's/REDIS_FQDN=redis/&\n      - MISP_MODULES_FQDN=http:\/\/misp-modules/' \
	/test/misp/compose.yaml >said.yaml
selcage confine said.yaml --project misp -o said >"$work/id" 2>&1
for dir in cage said; do
	grep -v '^ *;' $dir/misp_misp.cil | sort >$dir.rules
done
check "had the file said it, one load had done" diff cage.rules said.rules

# Without the rules that keep what is harmless out of the log.
check "dontaudit is off" semodule --disable_dontaudit --build
mark
compose down
rm -f logs/cron.log
check "the stack starts again" compose up --detach
works "dontaudit off"
check "misp asks the modules" says '"modules": 3' ask /modules
check "what is hidden is known" hidden
show selcage log --since "$since" --source 'misp_*' >"$work/id"
check "dontaudit is on" semodule --build

mark
for edge in "misp-modules db 3306" "misp-modules mail 25" "misp-modules misp 80" \
	"redis db 3306" "db redis 6379" "mail db 3306" "misp 192.0.2.1 443"; do
	# shellcheck disable=SC2086 # three words
	check "refused: $edge" says PermissionError connect $edge
done
check "all of these are logged" says '^7$' sh -c "
	selcage log --since $since --source 'misp_*' --perm name_connect --events |
		grep -c name_connect"
podman ps --all --format '{{.Names}}' | while read -r container; do
	echo "== $container"
	podman logs --tail 30 "$container"
done >"$out/misp-logs" 2>&1
compose down
check "it comes out, as it went in" says 'unloaded 7 modules' selcage unload --yes --all
