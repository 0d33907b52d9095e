# The strict base under other engines: docker, podman without root, systemd in a container,
# and podman play kube; enforcing, with nothing hidden by dontaudit, in types that selcage
# confine made of these containers' own inspect files (engines/*.json). Does status see
# them, and whether they are confined?
# limit: 1800 s
# shellcheck disable=SC2016 # for the shells inside
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=uses.sh
. /test/uses.sh
hub=docker.io/library
run="chown redis /data; cd /data; exec gosu redis redis-server --bind 0.0.0.0 --protected-mode no"

# small: of the image, what nginx and redis need, for the stores of other engines
small() {
	root=$(podman image mount $image) || return
	programs="/bin/sh /usr/bin/cat /usr/bin/chown /usr/bin/id /usr/sbin/nginx /usr/sbin/gosu
		/usr/bin/redis-server /usr/bin/redis-cli /usr/bin/curl"
	# shellcheck disable=SC2086 # words
	libs=$(chroot "$root" ldd $programs 2>/dev/null | grep -o '/lib[^ ]*' | sort -u)
	# shellcheck disable=SC2086 # words
	(cd "$root" && printf '%s\n' $programs $libs /etc/passwd /etc/group /tmp /run \
		/etc/nsswitch.conf /var/lib/nginx /var/log/nginx |
		sed 's,/,,' | tar -c -h --no-recursion -T -) >"$1"
	podman image unmount $image >/dev/null
}

# page ENGINE: a folder with a page and what serves it
page() {
	mkdir -p "/srv/page-$1"
	cp /test/engines/start "/srv/page-$1/"
	echo "a page of $1" >"/srv/page-$1/index.html"
}
fetch() { curl --silent --show-error --max-time 20 "http://127.0.0.1:$1/"; }
# ping PORT: of a redis
ping() {
	python3 -c "import socket
s = socket.create_connection(('127.0.0.1', $1), 20)
s.send(b'PING\r\n'); print(s.recv(99))"
}

# module NAME: what selcage confine made for it, without its comments
module() { grep -v '^ *;' "$1" | sort; }
# same_modules ENGINE NAME...: are the modules for the containers as they stand those that
# the kernel has? What says so is left for data/.
same_modules() {
	cp "$1.json" "$out/"
	selcage confine "$1.json" --project b -o "$1" >"$work/said" 2>&1 || {
		cat "$work/said" >&2
		return 1
	}
	for container in "$1"/b_*.cil; do
		module "$container" >made
		module "/test/policy/base/$(basename "$container")" >had
		diff made had >&2 || return 1
	done
}
look() { selcage status --json >status.json 2>&1; }
# lists ENGINE NAME [ID]: does status list it as confined, in the type that has its name?
# Of docker it knows the number alone.
lists() {
	type=b_$(echo "$2" | tr - _).process
	look
	says "\"engine\":\"$1\".*\"${3-$2}\".*:$type:.*\"confined\":true" cat status.json
}
docker_id() { docker inspect --format '{{.Id}}' "$1"; }

# finding ID PATTERN: does status have it, and where?
finding() {
	look
	says "\"id\":\"status/$1\".*$2" cat status.json
}
# cured COMMAND...: run it, and see that status finds that no more
cured() {
	id=$1
	shift
	"$@"
	look
	! grep "\"id\":\"status/$id\"" status.json >&2
}

load_policy
small /srv/small.tar

# --- docker, as Debian starts it
check "docker starts" systemctl enable --quiet --now containerd.service docker.service
check "which status sees, and that it labels" sh -c \
	'selcage status | grep "docker labels (/etc/docker/daemon.json), runs as"'
docker import /srv/small.tar nginx:1.22 >/dev/null
docker tag nginx:1.22 redis:7.0
check "by Debian's policy it runs no container" \
	refused docker run --rm --network none nginx:1.22 id
check "status finds its units" finding engine-unit 'docker.service'
check "and its folders in /run" finding run-label '/run/containerd'
check "and its image's layers" finding layer-label '/var/lib/docker/overlay2'

# --- docker, with the fix that status names
watch_uses
check "status finds its units no more" cured engine-unit true
check "nor its image's layers" cured layer-label restorecon -R /var/lib/docker
check "nor its folders in /run" cured run-label \
	restorecon -iR /run/containers /run/libpod /run/docker /run/containerd
docker network create services >/dev/null
page docker
check "docker runs nginx" docker run --detach --name docker_nginx --network services \
	-p 8082:80 -v /srv/page-docker:/page:Z \
	--security-opt label=type:b_docker_nginx.process nginx:1.22 /page/start
check "docker runs redis" docker run --detach --name docker_redis --network services \
	-v data:/data --security-opt label=type:b_docker_redis.process \
	redis:7.0 sh -c "$run"
check "nginx in docker answers" wait_until 30 says 'a page of docker' fetch 8082
check "both answer each other's network" says 'a page of docker' docker run --rm \
	--network services --security-opt label=type:b_client.process nginx:1.22 \
	sh -c 'test "$(redis-cli -h docker_redis ping)" = PONG && curl -sS http://docker_nginx/'
check "docker exec, top, stats, cp, pause, update, restart, kill" sh -ec '
	docker exec docker_nginx id; docker exec --tty docker_nginx id; docker top docker_nginx
	docker stats --no-stream; docker cp docker_nginx:/etc/passwd .
	docker cp passwd docker_nginx:/tmp/; docker pause docker_redis
	docker unpause docker_redis; docker update --memory 200m --memory-swap 300m docker_redis
	docker restart --time 3 docker_redis; docker kill --signal HUP docker_nginx
	docker run --rm --init --security-opt no-new-privileges --read-only --tmpfs /tmp \
		--ulimit nofile=777:888 --network none \
		--security-opt label=type:b_init.process nginx:1.22 \
		sh -c "test \$(ulimit -n) = 777"'
check "status lists nginx" lists docker docker_nginx \
	"$(docker_id docker_nginx)"
check "status lists redis" lists docker docker_redis \
	"$(docker_id docker_redis)"
docker inspect docker_nginx docker_redis >docker.json
check "their modules are those of their inspect file" same_modules docker
docker logs docker_nginx >&2
docker rm --force docker_nginx docker_redis >/dev/null
systemctl disable --quiet --now docker.service docker.socket containerd.service

# --- podman without root
loginctl enable-linger user
wait_until 30 test -S /run/user/1000/bus
mkdir -p /home/user/.config/containers
printf '[storage]\ndriver = "overlay"\n' >/home/user/.config/containers/storage.conf
page rootless
cp -r /srv/page-rootless /home/user/page
chown -R user: /home/user
restorecon -R /home/user
rootless() {
	runuser -u user -- env -C /home/user HOME=/home/user XDG_RUNTIME_DIR=/run/user/1000 \
		DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus podman "$@"
}
check "podman imports an image for a user" rootless import --quiet /srv/small.tar \
	$hub/nginx:1.22
rootless tag $hub/nginx:1.22 $hub/redis:7.0
restorecon -RF /home/user/.local/share/containers
check "podman runs nginx for a user" rootless run --detach --name rootless_nginx \
	-p 8083:80 -v /home/user/page:/page:Z \
	--security-opt label=type:b_rootless_nginx.process $hub/nginx:1.22 /page/start
check "podman runs redis for a user" rootless run --detach --name rootless_redis \
	-p 6380:6379 -v data:/data --security-opt label=type:b_rootless_redis.process \
	$hub/redis:7.0 sh -c "$run"
check "nginx of a user answers" wait_until 30 says 'a page of rootless' fetch 8083
check "redis of a user answers" wait_until 30 says PONG ping 6380
check "which slirp4netns carries" pidof slirp4netns
check "exec, top, stop, start" sh -ec '
	runuser -u user -- env -C /home/user HOME=/home/user XDG_RUNTIME_DIR=/run/user/1000 sh -ec "
		podman exec rootless_nginx id; podman top rootless_nginx
		podman restart --time 3 rootless_redis"'
check "status lists nginx of a user" lists podman rootless_nginx
check "status lists redis of a user" lists podman rootless_redis
rootless inspect rootless_nginx rootless_redis >rootless.json
check "their modules are those of their inspect file" same_modules rootless
rootless logs rootless_nginx >&2
rootless rm --force --all --time 3 >/dev/null
loginctl disable-linger user

# --- systemd in a container
mkdir -p /srv/units
cp /test/engines/story.* /srv/units/
check "podman runs systemd" podman run --detach --name systemd -p 8084:80 \
	-v /srv/units/story.target:/etc/systemd/system/story.target:Z \
	-v /srv/units/story.service:/etc/systemd/system/story.service:Z \
	--security-opt label=type:b_systemd.process $image \
	/sbin/init systemd.unit=story.target
check "it comes up" wait_until 90 podman exec systemd sh -c \
	'systemctl is-system-running | grep running'
podman exec systemd systemctl --no-pager --failed >&2
check "with its services" podman exec systemd \
	systemctl is-active nginx cron dbus story systemd-journald
check "nginx in it answers" wait_until 30 says 'Welcome to nginx' fetch 8084
check "a service is restarted when it dies" podman exec systemd sh -ec '
	systemctl kill story; sleep 2; systemctl is-active story'
check "and is stopped and started" podman exec systemd sh -ec 'systemctl stop cron nginx
	systemctl daemon-reload; systemctl start cron nginx; systemctl is-active cron nginx'
check "the journal has what it says" says 'the story begins' \
	podman exec systemd journalctl --no-pager -u story
check "status lists it" lists podman systemd
podman inspect systemd >systemd.json
check "its module is that of its inspect file" same_modules systemd
podman stop --time 60 systemd >/dev/null
check "it shuts down when podman stops it, and is not killed" refused says '^137$' \
	podman inspect --format '{{.State.ExitCode}}' systemd

# --- podman play kube
podman rm --all --force --time 1 >/dev/null
for like in nginx:1.22 redis:7.0; do
	podman tag $image "$hub/$like"
done
page kube
chcon -R -t container_file_t -l s0:c11,c12 /srv/page-kube
check "podman plays a pod" says '^Pod:' podman play kube /test/engines/kube.yaml
check "nginx in it answers" wait_until 30 says 'a page of kube' fetch 8085
check "redis in it answers" wait_until 30 says PONG podman run --rm --pod kube \
	--security-opt label=type:b_client.process $image redis-cli ping
check "status lists nginx of the pod" lists podman kube-nginx
check "status lists redis of the pod" lists podman kube-redis
check "and the infra container, which is a container_t" says \
	'"name":"[0-9a-f]*-infra".*:container_t:.*"confined":true' cat status.json
podman inspect kube-nginx kube-redis >kube.json
check "their modules are those of their inspect file" same_modules kube
podman logs kube-nginx >&2
podman logs --tail 3 kube-redis >&2
check "the pod is taken down" podman play kube --down /test/engines/kube.yaml
judge_uses
