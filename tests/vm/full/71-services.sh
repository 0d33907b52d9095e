# More real programs on the strict base, in types that selcage confine made of the compose
# file of services/: enforcing, with nothing hidden by dontaudit. Which of them uses which
# rule of the base goes to $out/71-services-use.log.
# limit: 1200 s
# shellcheck shell=sh
# shellcheck disable=SC2016 # for the shells inside
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=uses.sh
. /test/uses.sh

# client COMMAND...: of another container, once
client() {
	podman run --rm --network b_default \
		--security-opt label=type:b_client.process $image "$@"
}
# confined SERVICE...: does each run in the type of its module?
confined() {
	for service in "$@"; do
		says ":b_$service.process:" domain_of "b_${service}_1" || return 1
	done
}

for like in postgres:15 memcached:1.6 node:18 haproxy:2.6 nginx:1.22 python:3.11; do
	podman tag $image "docker.io/library/$like"
done
echo 'unqualified-search-registries = ["docker.io"]' \
	>/etc/containers/registries.conf.d/docker.conf
cp -r /test/services /srv/
cp /test/policy/base/compose.yaml /srv/services/
watch_uses

check "the stack starts, with the labels of its patched file" says node \
	podman-compose -p b -f /srv/services/compose.yaml up --detach
check "each service in the type of its module" \
	confined postgres memcached node haproxy web smtpd
check "postgres starts" wait_until 90 podman exec b_postgres_1 \
	gosu postgres psql -c 'select 1'
check "postgres keeps a table" podman exec b_postgres_1 gosu postgres psql \
	-v ON_ERROR_STOP=1 -c 'create table t as select generate_series(1, 20000) as a' \
	-c 'create index on t (a)' -c 'vacuum analyze t' -c checkpoint
check "postgres answers" says '^ *200010000$' client psql -h postgres -U postgres \
	-c 'select sum(a) from t'
check "memcached keeps a value" says STORED client python3 -c "import socket
s = socket.create_connection(('memcached', 11211), 20)
s.send(b'set a 0 0 1\r\nx\r\n'); print(s.recv(99)); s.send(b'stats\r\n'); s.recv(99)"
check "node answers by haproxy" wait_until 60 says 'node says 17711' \
	curl -sS --max-time 20 http://127.0.0.1:8081/
check "haproxy's statistics" says 'Statistics Report' client curl -s http://haproxy:8081/stats
check "php answers by nginx, TLS and a socket" wait_until 30 says 'php says 42' \
	curl -sSk --max-time 20 https://127.0.0.1/
check "python takes a mail" says '{}' client python3 -c "import smtplib
print(smtplib.SMTP('smtpd', timeout=20).sendmail('a@b', 'c@d', 'hi'))"
check "restarted, postgres has its table" sh -ec 'podman restart --time 5 b_postgres_1
	for i in $(seq 60); do
		podman exec b_postgres_1 gosu postgres psql -c "select max(a) from t" && break
		sleep 1
	done | grep 20000'
for service in postgres memcached node haproxy web smtpd; do
	podman logs --tail 3 b_${service}_1 >&2
done
podman stop --time 3 --all >/dev/null
judge_uses
