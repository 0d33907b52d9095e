# What status says is what the kernel does: mode, booleans, permissive domains,
# containers; each trap is found, and gone once it is cured.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh

fs=/sys/fs/selinux
etc=/etc/selinux/default
audit=/var/log/audit/audit.log
storage=/var/lib/containers/storage
look() { selcage status --json >/run/status.json; }

# finds ID..., lacks ID...: of what the last look found
found() { grep -q "\"kind\":\"finding\",\"id\":\"status/$1\"" /run/status.json; }
finds() {
	for id; do
		check "status finds $id" found "$id"
	done
}
lacks() {
	for id; do
		check "status finds no $id" sh -c "! grep -q '\"status/$id\"' /run/status.json"
	done
}

# says PATTERN: a line of the last look has it
says() { check "status says $1" grep -q -e "$1" /run/status.json; }

mkdir -p $etc/policy $etc/contexts/files /var/log/audit
cp /policy/file_contexts* $etc/contexts/files/
cp /policy/caged.33 $etc/policy/policy.33
load caged
echo 1 >$fs/enforce

look
says '"enforcing":true,"mls":true,"deny_unknown":false,"reject_unknown":false'
says "\"max_version\":$(cat $fs/policyvers),"
says "\"context\":\"$(tr -d '\0' </proc/self/attr/current)\""
says '"of":"kernel","path":"/sys/fs/selinux/policy","trouble":null'
says '"kind":"store".*"loaded":true'
says '"of":"process 1","context":"system_u:system_r:kernel_t:s0"'
says '"of":"/etc/passwd","context":"system_u:object_r:etc_t:s0"'
finds default-range stdio userns-class log-unread cmdline-permissive
lacks permissive permissive-domain policy-not-loaded no-container-types \
	dontaudit-off boolean-open boolean-known boolean-pending boolean-lost \
	container-unconfined layer-label run-label socket-label
check "--exit-code is 1" sh -c "selcage status --exit-code >/run/text; [ \$? = 1 ]"
check "without it the exit code is 0" sh -c "selcage status >/run/text"
check "no line is wider than the screen" \
	sh -c "! grep -v '^        [\$] ' /run/text | grep -q '.\{81\}'"

echo 0 >$fs/enforce
look
echo 1 >$fs/enforce
finds permissive
says '"enforcing":false'

echo 1 >$fs/booleans/container_use_nfs
look
finds boolean-pending
says '"name":"container_use_nfs","on":false,"pending":true'
echo 1 >$fs/commit_pending_bools
look
finds boolean-known boolean-lost
lacks boolean-pending
says '"name":"container_use_nfs","on":true,"pending":true'
check "a boolean is no other policy" sh -c "! grep -q policy-not-loaded /run/status.json"
echo 0 >$fs/booleans/container_use_nfs
echo 1 >$fs/commit_pending_bools

# Containers: one confined, one that is not, one whose second process is not.
mkdir -p /sys/fs/cgroup /srv/bin
mount -t cgroup2 cgroup2 /sys/fs/cgroup
cp /bin/busybox /srv/bin/busybox
chcon -R system_u:object_r:container_file_t:s0 /srv/bin
scope() { printf '/sys/fs/cgroup/libpod-%064d.scope' "$1"; }
for n in 1 2 3; do
	mkdir "$(scope $n)"
done
# start SCOPE TYPE:LEVEL: a program in that container, as that
start() {
	# shellcheck disable=SC2016 # $$ is the program's
	sh -c 'echo $$ >"$1/cgroup.procs"; exec runcon "$2" /srv/bin/busybox sleep 600' \
		sh "$(scope "$1")" "system_u:system_r:$2" </dev/null >/dev/null 2>&1 &
}
start 1 "shop_web.process:$web"
start 3 "shop_db.process:$db"
sleep 600 >/dev/null 2>&1 &
unconfined=$!
echo $unconfined >"$(scope 2)/cgroup.procs"
sleep 1
look
finds container-unconfined
says "\"engine\":\"podman\",\"id\":\"0*1\".*shop_web.process:$web\",\"other\":null,\"confined\":true"
says '"id":"0*2".*:unconfined_t:.*"confined":false'
echo $unconfined >"$(scope 3)/cgroup.procs"
look
says '"id":"0*3".*shop_db.process:.*"other":".*:unconfined_t:.*"confined":false'
kill $unconfined
wait $unconfined 2>/dev/null
look
lacks container-unconfined container-no-level
says '"id":"0*3".*"other":null,"confined":true'

# Denials, as many as log counts.
cp $out/cage.log $audit
look
lacks log-unread
says "\"records\":$(selcage log --events --since boot | wc -l),"
rm $audit

# Labels.
mkdir -p $storage/overlay/0123abcd/diff/usr /run/containers /run/libpod
setfiles -F $etc/contexts/files/file_contexts /var/lib/containers /run/containers \
	/run/libpod >/dev/null 2>&1
look
lacks layer-label run-label
chcon -R system_u:object_r:container_var_lib_t:s0 $storage/overlay/0123abcd
chcon system_u:object_r:initrc_runtime_t:s0 /run/containers
look
finds layer-label run-label
says "$storage/overlay/0123abcd/diff is container_var_lib_t, not container_ro_file_t"
says '/run/containers is initrc_runtime_t, not container_runtime_t'
setfiles -F $etc/contexts/files/file_contexts /var/lib/containers /run/containers \
	>/dev/null 2>&1
look
lacks layer-label run-label
mkdir -p /run/podman
act socket serve-unix /run/podman/podman.sock </dev/null >/run/socket.out 2>&1 &
socket=$!
wait_for /run/socket.out ready
chcon system_u:object_r:var_run_t:s0 /run/podman/podman.sock
look
finds socket-label
chcon system_u:object_r:container_runtime_t:s0 /run/podman/podman.sock
look
lacks socket-label
kill $socket
# A link in a place of users leads nowhere.
mkdir -p /home/eve/.local/share
ln -s $storage/.. /home/eve/.local/share/containers
chcon -R system_u:object_r:container_var_lib_t:s0 $storage/overlay/0123abcd
look
check "a link in a home is not followed" sh -c "! grep -q /home/eve /run/status.json"
rm -r /home/eve $storage

# Another policy in the kernel than the installed one, with what is missing.
check "the kernel takes the cured policy" load cured
look
finds policy-not-loaded permissive-now dontaudit-off
lacks default-range stdio userns-class permissive-later permissive-domain
says '"of":"kernel".*"dontaudits":0,"permissive":\["shop_web.process"\]'
cp /policy/cured.33 $etc/policy/policy.33
look
finds permissive-domain
lacks policy-not-loaded permissive-now
check "the kernel takes the first policy again" load caged
look
finds permissive-later policy-not-loaded stdio default-range
lacks permissive-domain permissive-now

echo 'user:x:1000:1000::/:/bin/sh' >>/etc/passwd
# Nobody in particular reads as much, but for the store and the log.
check "status works for any user" sh -c \
	"su -s /bin/sh -c 'selcage status --json' user >/run/status.json 2>&1 </dev/null"
says '"enforcing":true'
says '"of":"kernel".*"version":33'

mkdir -p /run/off
check "a folder that holds no host is none" sh -c \
	"selcage status --root /run/off | grep -q '^SELinux  *off'"
