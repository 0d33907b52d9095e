# judged.sh - what a log and selcage's JSON say of each operation of act.c. Sourced, with
# $run set, a folder for what is in between.
# shellcheck shell=sh

# vectors LOG: NAME SOURCE TARGET CLASS PERM of each denial
vectors() {
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
	/^type=AVC .* denied / {
		perms = $0
		sub(/.*denied +[{] /, "", perms)
		sub(/ [}].*/, "", perms)
		n = split(perms, perm, " ")
		for (i = 1; i <= n; i++)
			print field("comm"), type(field("scontext")), \
				type(field("tcontext")), field("tclass"), perm[i]
	}' "$1"
}

# verdicts JSON: VERDICT SOURCE TARGET CLASS PERM, as explain and prove say them
verdicts() {
	awk '
	function field(key,    s) {
		if (!match($0, "\"" key "\":\"[^\"]*\""))
			return ""
		s = substr($0, RSTART, RLENGTH)
		sub(/^[^:]*:"/, "", s)
		sub(/"$/, "", s)
		return s
	}
	# explain gives each permission its verdict; prove one to a list.
	/"perms":\[/ && (!/"kind"/ || /"kind":"replay"/) {
		list = $0
		sub(/.*"perms":\[/, "", list)
		sub(/\].*/, "", list)
		what = field("source") " " field("target") " " field("class")
		if (list !~ /[{]/) {
			gsub(/[",]/, " ", list)
			n = split(list, word, " ")
			for (i = 1; i <= n; i++)
				print field("verdict"), what, word[i]
			next
		}
		line = $0
		sub(/.*"perms":\[/, "", line)
		while (match(line, /"perm":"[^"]*","verdict":"[^"]*"/)) {
			split(substr(line, RSTART, RLENGTH), word, "\"")
			print word[8], what, word[4]
			line = substr(line, RSTART + RLENGTH)
		}
	}' "$1"
}

# judged LOG JSON: NAME VERDICT for each operation, by the first of its denials:
# the kernel asks for no more once it has refused one
judged() {
	verdicts "$2" >"$run/verdicts"
	vectors "$1" | awk '
		NR == FNR { verdict[$2 " " $3 " " $4 " " $5] = $1; next }
		!($1 in seen) {
			seen[$1] = 1
			v = verdict[$2 " " $3 " " $4 " " $5]
			print $1, v == "" ? "unknown" : v
		}' "$run/verdicts" -
}
