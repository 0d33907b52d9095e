# play.sh - play the table of operations. Sourced after lib.sh.
# shellcheck shell=sh
run=/run
# shellcheck source=../judged.sh
. /test/judged.sh

# The files of two containers, a service of one, and a program of the host that
# listens as an engine does.
prepare() {
	mkdir -p /srv/bin /srv/web /srv/db /srv/shared
	cp /usr/bin/act /srv/bin/act
	echo page >/srv/web/page
	echo table >/srv/db/table
	echo other >/srv/shared/of-db
	# As if the host's were mounted in.
	echo runc >/srv/shared/runc
	# A name that would clear the reader's screen.
	echo secret >"$(printf '/srv/shared/my \033[2J "key')"
	chcon -R system_u:object_r:container_file_t:s0 /srv/bin /srv/shared
	chcon system_u:object_r:bin_t:s0 /srv/shared/runc
	chcon system_u:object_r:shadow_t:s0 /srv/shared/my*
	chcon "system_u:object_r:container_file_t:$db" /srv/shared/of-db
	chcon -R "system_u:object_r:container_file_t:$web" /srv/web
	chcon -R "system_u:object_r:container_file_t:$db" /srv/db
	# By a pipe: the cage may not write to a file of the host.
	as db /srv/bin/act peer serve 3306 2>&1 | cat >/run/peer.out &
	act engine serve-unix /run/docker.sock </dev/null >/run/engine.out 2>&1 &
	wait_for /run/peer.out ready && wait_for /run/engine.out ready
	chcon system_u:object_r:container_runtime_t:s0 /run/docker.sock
}

# play: NAME, and what the kernel made of it, for each row of the table
play() {
	host=$(pidof engine | cut -d ' ' -f 1)
	peer=$(pidof peer | cut -d ' ' -f 1)
	for who in web db; do
		awk -v who=$who '!/^#/ && $2 == who { print $1, $5, $6, $7 }' \
			"$table" | sed "s/@HOST/$host/; s/@PEER/$peer/" |
			as $who /srv/bin/act 2>&1
	done
}

# compare COLUMN WHO GOT: a TAP line for each row of the table. Does GOT, with
# its lines "NAME VERDICT", say of it what COLUMN (before or after) does? WHO said
# so: of the kernel it's asked whether it allows, of selcage why it does not.
compare() {
	awk -v column="$1" -v who="$2" '
		NR == FNR { got[$1] = substr($0, length($1) + 2); next }
		/^#/ || (who != "kernel" && $3 == "allowed") { next }
		{
			verdict = want = column == "before" ? $3 : $4
			if (who == "kernel")
				want = want ~ /^(allowed|settled)$/ ? \
					"allowed" : "denied"
			sub(/^next$/, "settled", want)
			if (got[$1] == "")
				got[$1] = "nothing"
			print (got[$1] == want ? "ok" : "not ok") " - " $1 \
				": " verdict "; " who ": " got[$1]
		}' "$3" "$table"
}

# logged COLUMN VECTORS: a TAP line for each row: what is denied is logged, and
# nothing else is.
logged() {
	awk -v column="$1" '
		NR == FNR { logged[$1] = 1; next }
		/^#/ { next }
		{
			verdict = column == "before" ? $3 : $4
			want = verdict !~ /^(allowed|settled)$/
			print (logged[$1] + 0 == want ? "ok" : "not ok") " - " $1 \
				": " verdict ", " (want ? "logged" : "silent")
		}' "$2" "$table"
}
