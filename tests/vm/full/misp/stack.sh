# stack.sh - the stack of examples/misp, in $stack. Sourced after lib.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # of who sources it

# images: what the compose file names, made offline
images() {
	for image in mail=namshi/smtp:latest redis=library/redis:7.2 \
		db=library/mariadb:10.11 misp=coolacid/misp-docker:core-latest \
		modules=coolacid/misp-docker:modules-latest; do
		podman build --quiet --build-arg "SERVICE=${image%%=*}" \
			--tag "docker.io/${image#*=}" /test/misp >"$work/id" ||
			return 1
	done
	echo 'unqualified-search-registries = ["docker.io"]' \
		>/etc/containers/registries.conf.d/docker.conf
}

# folders: what its compose file mounts, and the file
folders() {
	mkdir -p $stack/configs $stack/logs $stack/files $stack/ssl
	openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=misp.example.org \
		-keyout $stack/ssl/key.pem -out $stack/ssl/cert.pem 2>"$work/openssl"
	cp /test/misp/compose.yaml $stack/
}

compose() { podman-compose -p misp "$@" >>"$out/misp-compose.log" 2>&1; }

# ask PATH: a page of misp
ask() { curl --silent --show-error --max-time 60 "http://127.0.0.1$1"; }

# works: all that the stack is there for, but for the modules
works() {
	check "$1: the page" wait_until 60 says 'a page' ask /
	check "$1: by TLS" says 'a page' \
		curl --silent --show-error --insecure https://127.0.0.1/
	check "$1: it reads the database" wait_until 60 says 'an event' ask /db
	check "$1: and counts in the cache" says 'visit [0-9]' ask /cache
	check "$1: a mail is taken" says '^250 OK' ask /mail
	check "$1: and delivered" wait_until 30 \
		podman exec misp_mail_1 grep -q 'Subject: an event' /var/mail/mail
	check "$1: a file is kept" says data ask /file
	check "$1: supervisord has its three programs" says '^3$' programs
	check "$1: cron does its job" wait_until 75 test -s $stack/logs/cron.log
	check "$1: the cache is healthy, says systemd's timer" wait_until 60 \
		says '^healthy$' podman inspect misp_redis_1 \
		--format '{{.State.Health.Status}}'
}
programs() {
	podman exec misp_misp_1 supervisorctl -c /service/supervisord.conf status |
		grep -c RUNNING
}

# connect FROM HOST PORT: does a container reach another's port?
connect() {
	podman exec "misp_$1_1" python3 -c \
		"import socket; socket.create_connection(('$2', $3), 5)"
}
