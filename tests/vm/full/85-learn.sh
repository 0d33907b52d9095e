# selcage learn on a whole host, and what befalls it: signals, kill -9, a policy of
# others, full disks, an audit log that cannot follow, a reboot, loss of power. After
# each the domain is enforcing, the policy whole and the ledger true.
# limit: 4200 s
# shellcheck shell=sh
# shellcheck disable=SC2317 # check calls them
# shellcheck source=lib.sh
. /test/lib.sh
type=shop_web.process
ledger=/var/lib/selcage
journal=$ledger/ledger/journal
program=/srv/shop/act

# context_of SERVICE: what its container would run in
context_of() {
	awk -v s="$1:" '$1 == s { inside = 1 }
		inside && match($0, /label=level:[^" ]*/) {
			level = substr($0, RSTART + 12, RLENGTH - 12)
			print "system_u:system_r:shop_" substr(s, 1, length(s) - 1) \
				".process:" level
			exit
		}' cage/compose.yaml
}
tries() { runcon "$(context_of web)" $program mode "$@" 2>&1 | cat; }
allowed() { [ "$(tries "$@")" = "mode allowed" ]; }
denied() { [ "$(tries "$@")" = "mode denied" ]; }
is_permissive() { allowed read /etc/shadow; }
is_enforcing() {
	denied read /etc/shadow && selcage mode >mode.out && grep -q '^enforcing$' mode.out &&
		! grep "^  $type  \(until\|by\)" mode.out
}
timers() { systemctl list-units --all --no-legend 'selcage-mode-*.timer'; }
no_timers() { [ -z "$(timers)" ]; }

# truth: nothing is permissive, no timer left, and each begin in the ledger has its end
truth() {
	wait_until 60 is_enforcing || return 1
	wait_until 60 no_timers || return 1
	# who changes something next settles what was interrupted
	selcage load --yes half >settled 2>&1
	selcage mode enforcing $type >>settled 2>&1
	[ "$(grep -c '	begin	' $journal)" = \
		"$(grep -c '	\(done\|undone\)	' $journal)" ] && return 0
	cat settled >&2
	tail -n 5 $journal >&2
	return 1
}

learn() { selcage learn web --yes --spec compose.yaml --project shop "$@" </dev/null; }

# begin OPTION...: in the background, from when it is permissive
begin() {
	# not by learn, which would be a shell around it
	selcage learn web --yes --spec compose.yaml --project shop "$@" >begun 2>&1 \
		</dev/null &
	learner=$!
	wait_until 60 is_permissive
}

prepare() {
	mkdir -p /srv/shop
	cp /usr/bin/act $program
	chcon -t container_file_t -R /srv/shop
	mkdir -p learned
	cat >compose.yaml <<-END
		services:
		  web:
		    image: nginx:1.25
		    ports: [ "8080:80" ]
		    environment: { DB_HOST: db, DB_PORT: "3306" }
		  db: { image: "mariadb:11" }
	END
	check "selcage confine makes modules" says 'modules' \
		selcage confine compose.yaml --project shop -o cage
	cat >work.sh <<-END
		printf '%s\n' 'up setuid' 'low listen 80' 'peer connect 3306' "\$@" |
			runcon $(context_of web) $program 2>&1 | cat
	END
	cp -r cage half
	sed -i '/dropuser/d; /drops to a user/d; /mysqld_port_t/d; /http_port_t/d' \
		half/shop_web.cil
	check "they are loaded, web's without half of its rules" \
		says '^loaded' selcage load --yes half
	check "so it does not work" denied listen 80
	cp "$(echo /etc/selinux/default/policy/policy.*)" half.33
}

# What is learned is loaded, and looked upon for a while.
canary() {
	learn --canary 20s --for 2m -- sh work.sh 'shadow read /etc/shadow' >begun 2>&1 &
	learner=$!
	check "what it lacks is learned and loaded" wait_until 180 grep -q '^loaded' begun
	tries read /etc/shadow >"$work/id"
	tries connect 25 >"$work/id"
	wait "$learner"
	check "it works" allowed listen 80
	check "what is denied meanwhile is told, and is no failure" \
		says '1 different denials as decided, 1 new' cat begun
	check "no record was lost" lacks 'gave up' cat begun
	cp begun "$out/85-learn.txt"
	check "the module is back to half" says '^loaded' selcage load --yes half
	check "so it does not work" denied listen 80

	learn --canary 5m --for 2m -- sh work.sh >begun 2>&1 &
	learner=$!
	check "it is learned again" wait_until 180 grep -q '^loaded' begun
	sleep 2
	dd if=half.33 of=/sys/fs/selinux/load bs=64M count=1 2>"$work/id"
	check "others load a policy that lacks it: it is denied" denied listen 80
	wait "$learner"
	check "which ends with 1" [ $? = 1 ]
	check "what worked is denied, so it is rolled back" says 'rolled back' cat begun
	check "it says what" says 'denied, though it is granted: .*http_port_t' cat begun
	check "the module is what it was" says '^nothing to do\|nothing' \
		selcage load --yes half
	check "it is enforcing, and the ledger true" truth
}

ends() {
	for signal in TERM HUP; do
		check "permissive: SIG$signal" begin --output learned --for 10m
		kill "-$signal" "$learner"
		wait "$learner"
		check "SIG$signal ends it" is_enforcing
		check "and the ledger is true" truth
	done
	check "permissive: kill -9" begin --output learned --for 10s
	kill -9 "$learner"
	check "a timer of systemd is there" says 'selcage-mode' timers
	check "it ends the run, and the ledger is true" truth
	for others in load_policy "semodule --build"; do
		check "permissive: $others" begin --output learned --for 10m
		$others 2>&1 | cat >"$work/id"
		wait "$learner"
		check "a policy of others ends it" is_enforcing
		check "which it says" says 'another policy was loaded' cat begun
		check "and the ledger is true" truth
	done
}

# counted FILE OPTION...: how many calls that write a whole run has
counted() {
	file=$1
	shift
	KILL_COUNT=$work/$file LD_PRELOAD=/usr/bin/kill_at.so learn --for 2m "$@" \
		-- sh work.sh >killed 2>&1
	cat "$work/$file"
}

# In the part of it that proves and loads; the fast tier has the part before.
kills() {
	before=$(counted before --output learned)
	all=$(counted all)
	check "a run that loads has more calls: $before, $all" [ "$before" -lt "$all" ]
	for part in 1 2 3 4 5; do
		point=$((before + (all - before) * part / 5 - (part == 5) * 2))
		selcage load --yes half >settled 2>&1
		KILL_AT=$point LD_PRELOAD=/usr/bin/kill_at.so learn --for 20s \
			-- sh work.sh >killed 2>&1
		check "killed before call $point of $all" [ $? = 137 ]
		check "nothing is permissive, and the ledger is true" truth
	done
	check "the next run learns it" says '^loaded' learn --for 2m -- sh work.sh
	check "and it works" allowed listen 80
	selcage load --yes half >settled 2>&1
}

disks() {
	check "no room for the store: nothing is loaded" full 3000 /var/lib/selinux \
		says 'disk is full\|No space' learn --for 1m -- sh work.sh
	check "so it does not work" denied listen 80
	check "it is enforcing, and the ledger true" truth

	cp -a $ledger kept
	mounts mount none $ledger tmpfs 0 "size=$(($(du -sk kept | cut -f 1) + 400))k"
	cp -a kept/. $ledger
	check "permissive, while the ledger has room" begin --output learned --for 10m
	dd if=/dev/zero of=$ledger/filler bs=4k 2>"$work/id"
	kill "$learner"
	wait "$learner"
	check "no room for the ledger: it is enforcing all the same" is_enforcing
	check "nothing new is learned" says 'No space left' learn --for 10s --output learned
	check "nor permissive" is_enforcing
	rm $ledger/filler
	check "with room again the ledger is true" truth
	mounts umount $ledger
	check "as is the one below" truth
}

# audit_status FIELD: of the kernel's audit
audit_status() { auditctl -s | sed -n "s/^$1 //p"; }

# The kernel drops records before anybody could hear them: it is made to tell again.
backlog() {
	rm -f learned/*
	cat >storm.sh <<-END
		while [ -e storm ]; do
			awk 'BEGIN { for (i = 0; i < 500; i++) print "s", "read", "/etc/shadow" }' |
				runcon $(context_of db) $program 2>&1 | cat >storm.out
		done
	END
	cat >stormy.sh <<-END
		for i in 1 2 3 4; do sh storm.sh & done
		sleep 1
		sh work.sh
		sleep 15
		rm storm
		wait
		sh work.sh
	END
	touch storm
	limit=$(audit_status backlog_limit)
	wait_time=$(audit_status backlog_wait_time)
	auditctl -b 2 >"$work/id"
	auditctl --backlog_wait_time 0 >"$work/id"
	lost=$(audit_status lost)
	learn --for 3m --output learned -- sh stormy.sh >begun 2>&1
	more=$(audit_status lost)
	auditctl -b "$limit" >"$work/id"
	auditctl --backlog_wait_time "$wait_time" >"$work/id"
	check "the kernel dropped records: $((more - lost))" [ "$more" -gt "$lost" ]
	check "which is said" says 'gave up [0-9]* records' cat begun
	check "it is enforcing, and the ledger true" truth
	for what in mysqld_port_t http_port_t 'self (capability'; do
		check "learned all the same: $what" says "$what" cat learned/shop_web.cil
	done
	tail -n 5 begun >&2
}

case ${1:-1} in
1)
	prepare
	canary
	ends
	kills
	disks
	backlog
	check "permissive, and the host is booted again" begin --output learned --for 1h
	reboot
	;;
2)
	check "after the boot nothing is permissive" is_enforcing
	check "nor by what mode says: the shutdown ended it" says '^enforcing$' selcage mode
	check "and the ledger is made true" truth
	reboot # or what was said is lost with the power
	;;
3)
	begin --output learned --for 1h
	cut_power sh -c 'echo b >/proc/sysrq-trigger'
	;;
4)
	check "with the power back nothing is permissive" is_enforcing
	check "mode says that a reboot ended it" \
		says "$type  no more, .*: a reboot ended it" selcage mode
	check "and the ledger is made true" truth
	check "it comes out, as it went in" says '^unloaded' selcage unload --yes --all
	;;
esac
