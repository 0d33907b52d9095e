# An attacker has taken over a container that selcage confined. What attacks.tsv lists
# is tried in several arrangements, as root, up to all capabilities and no seccomp: who
# stops it, what the kernel logs, and how explain names it. The same is tried in the
# type that engines give by default, for contrast.
# limit: 900 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
run=$work
# shellcheck source=../judged.sh
. /test/judged.sh
table=/test/attacks.tsv
log=/var/log/audit/audit.log
policy=/test/policy/attack.33
ours=bank_web.process
level=s0:c432,c534

# rows ARRANGEMENT: "NAME OPERATION", for act
rows() {
	awk -F '\t' -v a="$1" '
		!/^#/ && index(" " $5, " " a "=") { print $1, $2 }' "$table" |
		sed "s/@HOST/$host/"
}

# options ARRANGEMENT: how the container is started
options() {
	case $1 in
	unfiltered) echo --security-opt seccomp=unconfined ;;
	caps | entered)
		echo --cap-add all --security-opt seccomp=unconfined \
			--security-opt unmask=ALL --device /dev/nvme0n1 \
			--device /dev/fuse
		;;
	privileged) echo --privileged ;;
	host-pid)
		echo --pid host --cap-add all --security-opt seccomp=unconfined
		;;
	terminal) echo --tty ;;
	esac
}

# container TYPE ARRANGEMENT COMMAND...: with much of the host mounted in
container() {
	type=$1
	arrangement=$2
	shift 2
	# shellcheck disable=SC2046 # options
	set -- $(options "$arrangement") localhost/services "$@"
	set -- --network none --security-opt "label=type:$type" \
		--security-opt "label=level:$level" -v /srv/attack:/attack \
		-v /srv/other:/other -v /usr/bin:/host/bin -v /etc:/host/etc \
		-v /run:/host/run -v /var/log:/host/log -v /var/lib:/host/lib \
		-v /root:/host/root -v /usr/bin/crun:/crun "$@"
	case $arrangement in
	entered) enter "$@" ;;
	terminal) script -qec "podman run --rm $(words "$@")" /dev/null ;;
	*) podman run --rm "$@" ;;
	esac
}

# words WORD...: as a shell reads them again
words() {
	for word; do
		printf "'%s' " "$word"
	done
}

# enter OPTION...: start it, and have the engine go in while the attack waits
enter() {
	podman run --detach --name entered "$@" >/dev/null
	timeout 20 podman exec entered true
	timeout 40 podman wait entered >/dev/null
	podman logs entered
	podman rm --force --time 0 entered >/dev/null
}

# attack TYPE ARRANGEMENT: leaves TYPE.ARRANGEMENT.out and .log
attack() {
	rows "$2" >/srv/attack/list
	lines=$(wc -l <$log)
	container "$1" "$2" sh -c 'cp /attack/list /tmp/list
		exec /attack/act </attack/list' >"$1.$2.out" 2>"$1.$2.err"
	tr -d '\r' <"$1.$2.out" >told && mv told "$1.$2.out"
	sed "s/^/$1 $2: /" "$1.$2.err" >&2
	sleep 1
	tail -n "+$((lines + 1))" $log >"$1.$2.log"
	kill -0 "$host" 2>/dev/null || new_host
}

# new_host: a process of the host, to be attacked
new_host() {
	sleep 9999 &
	host=$!
}

# outcome TYPE ARRANGEMENT: "NAME STOPPER ACCESS VERDICT WORDS", for each row
outcome() {
	selcage explain --json --policy $policy "$1.$2.log" >explained
	judged "$1.$2.log" explained >verdicts.of
	vectors "$1.$2.log" >vectors.of
	awk -v type="$1" '
	FILENAME == "verdicts.of" { verdict[$1] = $2; next }
	FILENAME == "vectors.of" {
		if (!($1 in access) && $2 == type)
			access[$1] = $4 ":" $5 " " $3
		next
	}
	{
		words = substr($0, length($1) + 2)
		stopper = "open"
		if ($1 in access)
			stopper = words == "allowed" ? "open" : "selinux"
		else if (words ~ /^denied|^Operation not permitted/)
			stopper = "before"
		else if (words ~ /^Function not/ ||
			(words ~ /^Invalid/ && $1 ~ /socket$/))
			stopper = "before"
		else if (words ~ /^No such/)
			stopper = "absent"
		else if (words ~ /^No data/)
			stopper = "mask"
		else if (words ~ /^Read-only/)
			stopper = "read-only"
		split(stopper == "selinux" ? access[$1] : "- -", a, " ")
		print $1, stopper, a[1], a[2], \
			stopper == "selinux" ? verdict[$1] : "-", words
	}' verdicts.of vectors.of "$1.$2.out"
}

modprobe -a fuse tun
mkdir -p /srv/attack /srv/other
cp /usr/bin/act /srv/attack/act
echo secret >/srv/other/secret
chcon -R -t container_file_t /srv/attack
chcon -R -t container_file_t -l s0:c1,c2 /srv/other
systemctl start podman.socket
new_host
check "the kernel takes the policy with the module, and nothing hidden" \
	dd if=$policy of=/sys/fs/selinux/load bs=64M count=1

arrangements=$(awk -F '\t' '!/^#/ { print $5 }' $table | tr ' ' '\n' |
	sed 's/=.*//' | sort -u)
for type in $ours container_t; do
	for arrangement in $arrangements; do
		attack "$type" "$arrangement"
		outcome "$type" "$arrangement" | sed "s/^/$arrangement /"
	done >"$type.all"
done
cp $ours.all container_t.all "$out/"
cat $ours.*.log >"$out/attack.log"

# Each row in each arrangement.
awk -F '\t' '
	FILENAME ~ /all$/ {
		split($0, w, " ")
		got[w[1] " " w[2]] = w[3] " " w[4] " " w[6]
		next
	}
	/^#/ { next }
	{
		n = split($5, cell, " ")
		for (i = 1; i <= n; i++) {
			split(cell[i], c, "=")
			want = c[2] == "selinux" ? "selinux " $3 " " $4 : \
				c[2] ~ /^(capability|seccomp)$/ ? "before - -" : \
				c[2] " - -"
			g = got[c[1] " " $1]
			print (g == want ? "ok" : "not ok") " - " $1 ", " c[1] \
				": stopped by " want (g == want ? "" : "; got " g)
		}
	}' $ours.all $table
# What was open to the other type, for the reader.
awk '
	FILENAME ~ /^bank/ { ours[$1 " " $2] = $3; next }
	ours[$1 " " $2] != $3 && $3 == "open" {
		if (!($2 in where))
			order[++n] = $2
		where[$2] = where[$2] " " $1
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%-16s%s\n", order[i], where[order[i]]
	}' $ours.all container_t.all >"$out/30-attack.txt"
check "the strict base stops more than 10 attacks that container_t lets pass" \
	[ "$(wc -l <"$out/30-attack.txt")" -gt 10 ]
check "selcage log shows them" says 'bank_web.process *-> shadow_t' \
	selcage log --source $ours "$out/attack.log"
check "no attack was carried out on the host" sh -c '
	! test -e /etc/cron.d/evil && ! test -e /var/lib/evil'
load_policy
