# Each of Debian's traps, provoked: status finds it, the command that status gives cures
# it, and status finds it no more.
# limit: 1800 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
image=localhost/services
storage=/var/lib/containers/storage

look() { selcage status --json >"$work/status.json" 2>&1; }
line_of() { grep "\"kind\":\"finding\",\"id\":\"status/$1\"" "$work/status.json"; }
found() { look && line_of "$1" >"$work/said"; }
gone() { look && ! line_of "$1" >&2; }
finds() { check "status finds $1${2:+: $2}" found "$1"; }
lacks() { check "status finds no $1${2:+: $2}" gone "$1"; }

# cure ID [any]: run the command that the last look gave; with any, it may end as it will
cure() {
	line_of "$1" | python3 -c '
import json, sys
print(json.loads(sys.stdin.readline())["command"])' >"$work/cure"
	sed -i 's/load --with-fix/load --yes --with-fix/' "$work/cure"
	if [ "${2-}" = any ]; then
		run_cure
	else
		check "the cure of $1 runs" run_cure
	fi
}
run_cure() {
	sh -e "$work/cure" >"$work/said" 2>&1 && return 0
	tail -n 5 "$work/said" >&2
	return 1
}

# other CONTAINER...: podman's, in the background, with nothing of this shell's
in_back() { podman run --detach "$@" >"$work/id" 2>"$work/podman.err"; }

look
check "podman labels" grep -q '"name":"podman".*"labels":true' "$work/status.json"
lacks container-unconfined "when none runs"
lacks layer-label "in a guest labelled whole"
lacks selinux-off
lacks policy-not-loaded
lacks store-not-built

# --- engines and containers
in_back --name good $image sleep 600
in_back --name open --privileged $image sleep 600
in_back --name disabled --security-opt label=disable $image sleep 600
finds container-unconfined
check "which names both" says 'open .*disabled\|disabled .*open' line_of container-unconfined
check "and not the one that is confined" lacks 'good' line_of container-unconfined
check "which it lists as confined" grep -q \
	'"name":"good".*"program":"sleep".*:container_t:.*"confined":true' \
	"$work/status.json"
podman rm --force --time 0 open disabled >"$work/id"
lacks container-unconfined "once they are gone"
podman rm --force --time 0 good >"$work/id"

mkdir -p /etc/containers/containers.conf.d
printf '[containers]\nlabel = false\n' >/etc/containers/containers.conf.d/90-off.conf
finds engine-podman
in_back --name unlabelled $image sleep 600
finds container-unconfined "what podman started so"
podman rm --force --time 0 unlabelled >"$work/id"
rm /etc/containers/containers.conf.d/90-off.conf
lacks engine-podman

# --- image layers
layer=$(podman image inspect --format '{{index .GraphDriver.Data "UpperDir"}}' $image)
chcon -R -t container_var_lib_t "$(dirname "$layer")"
finds layer-label
check "its programs do not start" refused podman run --rm --network none $image true
# Device nodes of an image keep their label, and restorecon ends with an error for them:
# the policy lets nobody give them this one, and no container needs it.
cure layer-label any
restorecon -R $storage
lacks layer-label
check "and now they do" podman run --rm --network none $image true

# --- a pipe of the shell
output() { podman run --rm --network none $image echo a word | cat; }
finds stdio
check "a container that a root shell starts has no output" lacks 'a word' output
cure stdio
lacks stdio
check "and now it has" says 'a word' output

# --- named volumes
write_volume() { podman run --rm --network none -v data:/data $image sh -c "$1"; }
finds default-range
write_volume 'mkdir /data/dir && echo mine >/data/dir/file'
check "a container made anew cannot read its volume" refused \
	write_volume 'cat /data/dir/file'
podman volume rm data >"$work/id"
cure default-range
lacks default-range
write_volume 'mkdir /data/dir && echo mine >/data/dir/file'
check "and now it can" says mine write_volume 'cat /data/dir/file'
podman volume rm data >"$work/id"

# --- podman from a plain unit
cat >/etc/systemd/system/shop.service <<END
[Service]
Type=oneshot
ExecStart=/usr/bin/podman run --rm --network none $image true
END
systemctl daemon-reload
finds engine-unit
check "which names the unit" says 'shop.service' line_of engine-unit
in_back --name web --privileged $image sleep 600
selcage status >$out/status-open.txt
podman rm --force --time 0 web >"$work/id"
in_back --name checked --health-cmd true --health-interval 3s $image sleep 900
finds engine-unit "by a container that has one"
check "which names the container whose health check is one" \
	says 'checked (its health check)' line_of engine-unit
check "which does not start" refused systemctl start shop.service
cure engine-unit
lacks engine-unit
check "and now it does" systemctl start shop.service
check "and the health check is answered" wait_until 60 \
	says '^healthy$' podman inspect checked --format '{{.State.Health.Status}}'
podman rm --force --time 0 checked >"$work/id"
chcon -t initrc_runtime_t /run/containers
finds run-label
cure run-label
lacks run-label
rm /etc/systemd/system/shop.service
systemctl daemon-reload

# --- the socket
systemctl start podman.socket
look
if line_of socket-label >"$work/said"; then
	cure socket-label
fi
lacks socket-label "once it is cured"
systemctl stop podman.socket podman.service

# --- what waits
cp /etc/selinux/default/policy/policy.33 "$work/policy.33"
touch /.autorelabel
finds autorelabel
rm /.autorelabel
setsebool container_use_nfs on
finds boolean-lost
setsebool container_use_nfs off
lacks boolean-lost
check "status in words fits the screen" sh -c \
	"! selcage status | grep -v '^        [\$] ' | grep '.\{81\}'"
selcage status >$out/status.txt
