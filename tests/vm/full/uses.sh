# uses.sh - which rules of the strict base do programs use, and what are they denied?
# Sourced after lib.sh. The kernel has a policy with the types of base.cil, and those
# that selcage made of services.yaml and engines.yaml; it logs each use of a rule of the
# base (auditallow), and hides nothing (no dontaudit).
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # for the tests; of lib.sh
image=localhost/services

# auditd_writes yes | no
auditd_writes() {
	sed -i "s/^write_logs.*/write_logs = $1/" /etc/audit/auditd.conf
	kill -HUP "$(pidof auditd)"
}

# watch_uses: from here on, "granted|denied PERM SOURCE TARGET CLASS PROGRAM", each once,
# in the file "collected"
watch_uses() {
	auditd_writes no
	# Records of accesses alone: of system calls there would be ten thousands.
	auditctl -a never,task >/dev/null
	check "the kernel takes the policy that logs the base's use" \
		dd if=/test/policy/base.33 of=/sys/fs/selinux/load bs=64M count=1
	mkfifo records
	awk '
	function field(key,    s) {
		if (!match($0, " " key "=[^ ]*"))
			return ""
		s = substr($0, RSTART, RLENGTH)
		sub(/^[^=]*=/, "", s)
		gsub(/"/, "", s)
		return s
	}
	function type(context,    part) {
		split(context, part, ":")
		return part[3]
	}
	/^# / { print "lost - - - - -" }
	/ avc: / {
		perms = $0
		sub(/.*[{] /, "", perms)
		sub(/ [}].*/, "", perms)
		word = / denied / ? "denied" : "granted"
		what = type(field("scontext")) " " type(field("tcontext")) " " \
			field("tclass") " " field("comm")
		n = split(perms, perm, " ")
		for (i = 1; i <= n; i++)
			if (!seen[word, perm[i], what]++)
				print word, perm[i], what
	}' <records >collected &
	records "$work/records" </dev/null >ready &
	reader=$!
	wait_until 10 grep -q ready ready
}

# judge_uses: that was it; what a type of ours was denied is in base-noise.tsv?
judge_uses() {
	sleep 2
	kill "$reader"
	wait
	sort -u collected >"$out/$name-use.log"
	grep -c . "$out/$name-use.log" >&2
	grep '^denied .* b_' "$out/$name-use.log" >"$out/$name-denied.log"
	noise=$(awk -F '[ \t]' '
		/^#/ { next }
		FILENAME ~ /tsv$/ { known[$1, $2, $3] = " " $4 " "; next }
		$3 ~ /^b_/ {
			who = $3
			sub(/^b_/, "", who)
			sub(/[.].*/, "", who)
			target = $3 == $4 ? "self" : $4
			by = known[$2, target, $5]
			if (by != " * " && !index(by, " " who " "))
				print who ":", $2, target, $5 ";"
		}' /test/base-noise.tsv "$out/$name-denied.log" |
		sort -u | tr '\n' ' ')
	check "nothing else is denied: ${noise:-nothing}" [ -z "$noise" ]
	check "no record was lost" lacks '^lost' cat "$out/$name-use.log"
	auditctl -d never,task >/dev/null
	auditd_writes yes
	load_policy
}
