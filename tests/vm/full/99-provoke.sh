# One domain is denied as much as a kernel can deny, with names that logs find hard to
# tell; and object managers deny, or seem to. What auditd wrote is test data of the
# project: --accept makes it so. It is the last of its guest, for where odd_t is permissive
# it does what it tries: the root of the guest is mounted over, its files are written.
# limit: 600 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
log=/var/log/audit/audit.log
dir=/srv/odd

# as LEVEL COMMAND...: in odd_t; by pipes, since it may not write to files of the host
as() {
	level=$1
	shift
	runcon "system_u:system_r:odd_t:$level" "$@" 2>&1 </dev/null | cat
}

# load NAME: replace the kernel's policy
load() { dd "if=/test/policy/$1.33" of=/sys/fs/selinux/load bs=64M count=1; }

# label TYPE FILE...
label() {
	type=$1
	shift
	chcon -t "$type" "$@"
}

# play: each line of the list
play() {
	sed "s/@HOST/$host/" /test/provoke.list | grep -v '^#' |
		runcon system_u:system_r:odd_t:s0:c3,c4 $dir/act 2>&1 | cat
}

# record NAME COMMAND...: what auditd writes meanwhile, into $out/NAME.log
record() {
	lines=$(wc -l <$log)
	file=$out/$1.log
	shift
	"$@"
	sleep 2
	tail -n "+$((lines + 1))" $log >"$file"
}

# user_space: denials that programs decide
user_space() {
	for command in 'systemctl start cron' 'systemctl daemon-reload' \
		'busctl list' 'busctl call org.freedesktop.login1
		/org/freedesktop/login1 org.freedesktop.login1.Manager ListSessions'; do
		# shellcheck disable=SC2086 # words
		as s0:c3,c4 timeout 10 $command
	done
	as s0:c3,c4 $dir/act forger audit-say \
		"avc:%20%20denied%20%20{%20send_msg%20}%20for%20scontext=system_u:system_r:odd_t:s0%20tcontext=system_u:system_r:init_t:s0%20tclass=dbus%20permissive=0"
	as s0:c3,c4 $dir/act forger audit-say \
		"%0atype=AVC%20msg=audit(1.0:1):%20avc:%20%20denied%20%20{%20write%20}%20for%20scontext=a:b:web_t:s0%20tcontext=a:b:shadow_t:s0%20tclass=file"
}

# Records of paths come along only if there is a rule for some system call.
auditctl -a always,exit -F arch=b64 -S swapoff >/dev/null
check "the kernel takes the policy with odd_t, and nothing hidden" load odd

mkdir -p $dir/other $dir/closed
cp /usr/bin/act $dir/act
cp /usr/bin/act $dir/next
cp /usr/bin/act $dir/lost
for file in secret half level 'my secret file' "$(printf 'new\nline')" 'quo"te' \
	"$(printf 'esc\033[2J')" "$(printf 'gehe\303\255m')" \
	'a" dev="vda" scontext=x:y:forged_t:s0' ' denied  { write }' \
	"$(printf '%0250d' 0)" 'file (deleted)'; do
	echo secret >"$dir/$file"
done
ln -s secret $dir/link
mkfifo $dir/fifo
label odd_file_t -R $dir
label odd_exec_t $dir/act
label next_exec_t $dir/next
label lost_exec_t $dir/lost
label odd_half_t $dir/half
chcon -t odd_level_t -l s0:c5,c6 $dir/level
label shadow_t $dir/secret
label auditd_log_t $dir/closed
sleep 9999 &
host=$!

record provoke-enforcing play >"$out/35-provoke.enforcing"
record provoke-programs user_space >"$out/35-provoke.programs"
check "the kernel takes the policy with odd_t permissive" load odd-permissive
record permissive play >"$out/35-provoke.permissive"
record provoke-programs-permissive user_space >>"$out/35-provoke.programs"
kill $host 2>/dev/null
load_policy

# Two files, so that neither is large: what was refused, and what only would have been.
all=$out/provoke.log
cat "$out"/provoke-enforcing.log "$out"/provoke-programs*.log >"$all"
rm "$out"/provoke-enforcing.log "$out"/provoke-programs*.log
# classes LOG: how many classes of objects denials are about
classes() { sed -n 's/.*denied .* tclass=\([a-z0-9_]*\).*/\1/p' "$1" | sort -u | wc -l; }
check "denials of more than 30 classes: $(classes "$all")" \
	[ "$(classes "$all")" -gt 30 ]
check "odd names are coded" grep -q 'name=6D7920736563726574' "$all"
check "SELinux's own errors" grep -q '^type=SELINUX_ERR' "$all"
check "a program's denial, of systemd" grep -q 'type=USER_AVC.*systemd' "$all"
check "a program's denial, of D-Bus" grep -q 'type=USER_AVC.*dbus' "$all"
check "selcage reads them all" says odd_t selcage log "$all"
check "and explains them" says odd_t selcage explain \
	--policy /test/policy/odd.33 "$all"
