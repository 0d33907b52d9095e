# Real programs on the strict base, enforcing, with nothing hidden by dontaudit: each
# works, and what it's denied all the same is listed in base-noise.tsv. Which program
# uses which rule of the base goes to $out/70-base-use.log.
# limit: 1500 s
# shellcheck disable=SC2016 # for the shells inside
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=uses.sh
. /test/uses.sh

# service NAME TYPE OPTION... -- COMMAND
service() {
	service=$1
	type=$2
	shift 2
	podman run --detach --name "$service" --network services \
		--security-opt "label=type:b_$type.process" "$@" >/dev/null
}
# client COMMAND...: of another container, once
client() {
	podman run --rm --network services \
		--security-opt label=type:b_client.process $image "$@"
}
up() { wait_until 90 podman exec "$@"; }

watch_uses
podman network create services >/dev/null
mkdir -p /srv/page
echo containers:200000:65536 | tee -a /etc/subuid >>/etc/subgid

check "sh, coreutils, tar, ps, python's processes, su" podman run --rm \
	--network none --security-opt label=type:b_sh.process $image sh -ec '
	ls -la / >/dev/null; cp /bin/ls /tmp/ls; /tmp/ls /tmp >/dev/null
	mkdir -p /tmp/a/b; ln -s a /tmp/s; ln /etc/passwd /tmp/h; df >/dev/null
	ps aux >/dev/null; id; dd if=/dev/zero of=/tmp/z bs=1k count=10 2>/dev/null
	head -c 4 /dev/urandom >/dev/null; head -c 4 /dev/random >/dev/null
	mkfifo /tmp/f; (echo x >/tmp/f &); cat /tmp/f; tar c /etc 2>/dev/null | tar t >/dev/null
	sort -o /tmp/so /etc/passwd; chmod 600 /tmp/z; touch /etc/new
	mv /etc/new /etc/new2; rm /etc/new2; timeout 2 true; free >/dev/null
	uptime >/dev/null; mount >/dev/null; sed -i s/x/y/ /etc/hostname || true
	cat /proc/cpuinfo /proc/meminfo /proc/mounts /proc/self/status \
		/proc/sys/kernel/hostname /proc/sys/vm/overcommit_memory \
		/proc/loadavg /proc/version /proc/sys/fs/file-max >/dev/null
	cat /sys/fs/cgroup/memory.max /sys/devices/system/cpu/online >/dev/null
	ls -R /sys/class /sys/fs/cgroup >/dev/null; nproc; echo q >/dev/shm/q
	nice -n 5 true; echo o >/dev/stdout; su -s /bin/sh nobody -c id
	flock /tmp/z true; find / -xdev -name zz; tail -f /tmp/z >/dev/null & sleep 1; kill $!
	flock /tmp/a true; mv /tmp/a /tmp/c; mkdir /tmp/d; mv /tmp/c/b /tmp/d/; rm -r /tmp/d
	cp -a /tmp/s /tmp/s2; mv /tmp/s2 /tmp/s3; ln -P /tmp/s3 /tmp/s4; rm /tmp/s3
	chmod 600 /tmp/f; mv /tmp/f /tmp/f2; ln /tmp/f2 /tmp/f3; echo x >>/dev/null
	(cat /tmp/f2 & echo x >>/tmp/f3; wait); rm /tmp/f2; ls -l /tmp >/dev/null
	sleep 9 & kill -STOP $!; kill -CONT $!; kill -KILL $!; prlimit >/dev/null
	ls -la /proc/self /proc/self/fd /dev /sys/class/net >/dev/null || true
	df -a >/dev/null || true; echo x | cat /dev/stdin >>/dev/null
	echo 5 >/proc/self/oom_score_adj; setpriv --dump >/dev/null || true
	ps -eo pid,pgid,sess,ni >/dev/null; renice -n 12 $$ >/dev/null; setsid true
	setpriv --inh-caps -all true || true; cat /proc/sys/vm/max_map_count >/dev/null
	python3 -c "
import ctypes, mmap, multiprocessing as m, os, socket, tempfile
with m.Pool(2) as p: print(p.map(abs, [-1, 2]))
a, b = socket.socketpair(); a.send(b\"x\"); b.recv(1)
fd = os.memfd_create(\"x\"); os.write(fd, b\"x\"); open(\"/proc/self/fd/%d\" % fd).read()
print(os.getpgid(1), os.getsid(1))
with open(\"/tmp/gone\", \"w\") as f: os.fsync(f); os.utime(\"/tmp/gone\")
"'
check "queues, semaphores and memory of System V" podman run --rm --network none \
	--security-opt label=type:b_sh.process $image perl -e '
	my ($q, $e, $m) = (msgget(0, 01600), semget(0, 1, 01600), shmget(0, 9, 01600));
	msgsnd($q, pack("l! a*", 1, "x"), 0) && msgrcv($q, my $text, 9, 1, 0) or die "$!";
	semop($e, pack("s!3", 0, 1, 0)) && semctl($e, 0, 16, 3) or die "$!";
	shmwrite($m, "x", 0, 1) && shmread($m, my $got, 0, 1) or die "$!";
	for my $stat (2) { my $s = ""; msgctl($q, $stat, $s); semctl($e, 0, $stat, $s); shmctl($m, $stat, $s); }
	msgctl($q, 0, 0) && semctl($e, 0, 0, 0) && shmctl($m, 0, 0) or die "$!"'
check "a terminal" says b_sh.process script -qec "podman run --rm --tty --network none \
	--security-opt label=type:b_sh.process $image \
	sh -c 'tty; stty -a >/dev/null; stty sane; ps -t pts/0; echo x >/dev/tty; cat /proc/self/attr/current'" /dev/null
check "--init" podman run --rm --init --network none \
	--security-opt label=type:b_init.process $image true
check "a user namespace" podman run --rm --userns auto --network none \
	--security-opt label=type:b_userns.process $image sh -c '
	touch /tmp/x; chown 1 /tmp/x; chmod 4755 /tmp/x; touch /tmp/x; cat /tmp/x
	head -c 4 /dev/urandom /dev/random >/dev/null; ls -l /dev >/dev/null
	su -s /bin/sh www-data -c "id; sleep 30 & echo \$! >/tmp/child"; kill $(cat /tmp/child)'
check "a server in a user namespace" says page podman run --rm --userns auto --network none \
	--security-opt label=type:b_userns.process $image sh -c '
	mkdir /tmp/page; echo page >/tmp/page/index.html
	python3 -m http.server 80 --directory /tmp/page &
	for i in 1 2 3 4 5 6 7 8 9; do curl -s http://127.0.0.1/ && break; sleep 1; done'
check "a ping, as who has no capability may send it" podman run --rm --network services \
	--security-opt label=type:b_ping.process $image python3 -c "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
s.settimeout(20); s.sendto(b'\x08' + bytes(7), ('127.0.0.1', 1)); print(s.recv(99))"
check "the network, looked at" podman run --rm --network services \
	--security-opt label=type:b_client.process $image sh -c '
	ip address >/dev/null; ls -l /proc/net /proc/net/ >/dev/null
	cat /proc/net/dev /proc/net/tcp /proc/sys/net/core/somaxconn >/dev/null'
check "no new privileges, read-only, a limit" podman run --rm --network none \
	--security-opt no-new-privileges --read-only --tmpfs /tmp --ulimit nofile=777:888 \
	--security-opt label=type:b_sh.process $image sh -c 'ulimit -n | grep 777'

service python python $image python3 -m http.server 8000 --directory /usr/share
service redis redis -v redis:/data $image sh -c 'chown -R redis /data; cd /data
	exec gosu redis redis-server --bind 0.0.0.0 --protected-mode no --appendonly yes'
service mariadb mariadb -v mariadb:/var/lib/mysql $image sh -c 'rm -rf /var/lib/mysql/*
	chown mysql /var/lib/mysql; mkdir -p /run/mysqld; chown mysql /run/mysqld
	mariadb-install-db --user=mysql >/tmp/install 2>&1
	exec gosu mysql mariadbd --bind-address=0.0.0.0'
service php php -v /srv/page:/page:z $image sh -c '
	echo "<?php \$r = new Redis(); \$r->connect(\"redis\"); \$r->set(\"a\", \"42\");
		\$m = new mysqli(\"mariadb\", \"app\", \"pw\", \"app\");
		echo \"php \", \$r->get(\"a\"), \$m->query(\"select 7\")->fetch_row()[0];" >/page/app.php
	mkdir -p /run/php; sed -i "s#^listen = .*#listen = 9000#" /etc/php/8.2/fpm/pool.d/www.conf
	exec php-fpm8.2 -F -O'
service exim exim $image sh -c 'sed -i "s/^dc_local_interfaces=.*/dc_local_interfaces=0.0.0.0/" \
	/etc/exim4/update-exim4.conf.conf; update-exim4.conf; exec exim4 -bdf -q30m'
service supervisor supervisor $image sh -c 'printf "%s\n" "[supervisord]" nodaemon=true \
	user=root "[program:cron]" "command=cron -f" "[program:h]" \
	"command=python3 -m http.server 9001" user=www-data >/tmp/s.conf
	exec supervisord -c /tmp/s.conf'
service openssl openssl $image sh -c 'cd /tmp; openssl req -x509 -newkey rsa:2048 -nodes \
	-keyout k -out c -days 2 -subj /CN=tls 2>/dev/null
	exec openssl s_server -accept 4433 -key k -cert c -www'
echo page >/srv/page/index.html
service nginx nginx -v /srv/page:/page:z -p 8080:80 $image sh -c '
	printf "%s\n" "worker_processes 2; error_log /dev/stderr; events {} http {
	access_log /dev/stdout; server { listen 80; root /page;
	location ~ php$ { include /etc/nginx/fastcgi_params; fastcgi_pass php:9000;
	fastcgi_param SCRIPT_FILENAME /page\$fastcgi_script_name; } } }" >/tmp/n.conf
	exec nginx -c /tmp/n.conf -g "daemon off;"'
check "mariadb starts" up mariadb mariadb -e 'select 1'
check "mariadb makes a database" podman exec mariadb mariadb -e "create database app;
	create user app@'%' identified by 'pw'; grant all on app.* to app@'%'"
check "mariadb answers" wait_until 20 client mariadb -h mariadb -u app -ppw app -e 'select 7'
check "redis answers" wait_until 20 client redis-cli -h redis ping
check "python answers" wait_until 20 client curl -s http://python:8000/
check "nginx answers, to the host" says page curl -s http://127.0.0.1:8080/
check "php, by nginx, with redis and mariadb" says 'php 427' client curl -s http://nginx/app.php
check "exim takes a mail" says 250 client python3 -c "import smtplib
s = smtplib.SMTP('exim'); print(s.ehlo()); print(s.sendmail('a@exim', 'root@localhost', 'hi'))"
check "supervisor runs its programs" wait_until 30 sh -c \
	'podman logs supervisor 2>&1 | grep -q "h entered RUNNING"'
check "openssl answers" says TLSv1.3 client sh -c 'echo Q | openssl s_client -connect openssl:4433 2>&1'
check "exec, top, stats, cp, pause, kill" sh -ec 'podman exec nginx true; podman top nginx >/dev/null
	podman cp nginx:/etc/hostname . ; podman cp hostname nginx:/tmp/; podman pause redis
	podman unpause redis; podman stats --no-stream nginx >/dev/null; podman kill -s HUP nginx
	podman update --help >/dev/null; podman inspect nginx >/dev/null'
for service in nginx php exim supervisor openssl python; do
	podman logs --tail 3 $service >&2
done
podman stop --time 3 --all >/dev/null
judge_uses
