# selcage mode: one domain permissive in the running kernel, and for a while.
# limit: 600 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
web_t=shop_web.process
db_t=shop_db.process
boolean=$(find /sys/fs/selinux/booleans -type f | sort | head -n 1)

# tries WHO OPERATION...: "mode allowed", or "mode denied"
tries() {
	who=$1
	shift
	# By a pipe: the cage may not write to a file of the host.
	as "$who" /srv/bin/act mode "$@" 2>&1 | cat
}
allowed() { [ "$(tries "$@")" = "mode allowed" ]; }
denied() { [ "$(tries "$@")" = "mode denied" ]; }

# says PATTERN COMMAND...: does a line of what it says, on both, have the pattern?
says() {
	pattern=$1
	shift
	"$@" >/run/said 2>&1
	grep -q -e "$pattern" /run/said && return 0
	echo "no '$pattern' in what this said: $*" >&2
	cat /run/said >&2
	return 1
}

# refused PATTERN COMMAND...: does it end with 2, and say so?
refused() {
	pattern=$1
	shift
	"$@" >/run/said 2>&1
	status=$?
	[ $status = 2 ] && grep -q -e "$pattern" /run/said && return 0
	echo "ended with $status: $*" >&2
	cat /run/said >&2
	return 1
}

# has LOG PATTERN...: a line of the log with all of them
has() {
	lines=$(cat "$out/$1.log")
	shift
	for pattern in "$@"; do
		lines=$(echo "$lines" | grep -e "$pattern")
	done
	[ "$lines" ]
}
lacks() { ! has "$@"; }

permissive() { selcage mode permissive --yes "$@" >/run/permissive 2>&1 || {
	cat /run/permissive >&2
	return 1
}; }
enforcing() { selcage mode enforcing --yes "$@" >/run/enforcing 2>&1 || {
	cat /run/enforcing >&2
	return 1
}; }
set_boolean() {
	echo "$1" >"$boolean" && echo 1 >/sys/fs/selinux/commit_pending_bools
}
is_boolean() { [ "$(cat "$boolean")" = "$1 $1" ]; }
digest() { sha256sum </sys/fs/selinux/policy; }

# The policy as the kernel writes it, which orders it in its own way.
load caged
set_boolean 0
before=$(digest)
check "mode says enforcing" says '^enforcing$' selcage mode
check "and no domain is permissive" [ "$(selcage mode | wc -l)" = 1 ]

check "without systemd nothing is relaxed" refused 'no systemd runs here' \
	selcage mode permissive $web_t --yes
check "so the kernel has the policy that it had" [ "$(digest)" = "$before" ]
mkdir -p /run/systemd/system
cp /test/systemd-run /usr/bin/systemd-run
ln -s systemd-run /usr/bin/systemctl

check "a dry run shows the plan" \
	says "make $web_t permissive until" selcage mode permissive $web_t --dry-run
check "and does nothing" [ "$(digest)" = "$before" ]
check "without a terminal it asks nobody" refused 'no terminal to ask' \
	selcage mode permissive $web_t

# A timer runs the program as root, by its path.
own=/srv/build/selcage
mkdir -p /srv/build
cp /usr/bin/selcage $own
chcon system_u:object_r:bin_t:s0 $own
check "a program and folders that only root can change will do" \
	says "make $web_t permissive until" $own mode permissive $web_t --dry-run
for change in "chmod 775 /srv/build" "chown 1000 /srv/build" "chmod 757 $own" \
	"chown 1000 $own" "chmod 1777 /srv"; do
	stat -c '%u %a' "${change##* }" >/run/before
	read -r owner mode </run/before
	$change
	check "but not after $change" refused "others than root can change '${change##* }'" \
		$own mode permissive $web_t --yes
	chown "$owner" "${change##* }" && chmod "$mode" "${change##* }"
done
check "as they were, they will do again" \
	says "make $web_t permissive until" $own mode permissive $web_t --dry-run
check "nothing was relaxed" [ "$(digest)" = "$before" ]

# One domain, and no other.
ender=db
play() {
	tries web read /etc/shadow
	tries web read /srv/db/table
	tries db read /etc/shadow
}
check "web may not read shadow" denied web read /etc/shadow
check "web is made permissive" permissive $web_t --for 10m
record mode-one play >/run/mode-one
check "web may read it now" allowed web read /etc/shadow
check "and the kernel says that it is permissive" \
	has mode-one 'permissive=1' "$web_t" 'shadow_t'
check "what levels deny is let through as well" allowed web read /srv/db/table
check "db may not" denied db read /etc/shadow
check "and is not permissive" has mode-one 'permissive=0' "$db_t" 'shadow_t'
check "nothing of db is" lacks mode-one 'permissive=1' "scontext=[^ ]*$db_t"
check "mode says until when" says "^  $web_t  until 20.*, by user 0" selcage mode
check "in JSON too" says "\"domain\":\"$web_t\",\"mode\":\"permissive\",\"by\":\"selcage\"" \
	selcage mode --json
check "the boolean is as it was" is_boolean 0
set_boolean 1
check "setting one leaves it as it is" says "^  $web_t  until 20" selcage mode
check "it is given more time" permissive $web_t --for 20m
check "by one timer" [ "$(find /run/units -name "*.timer" | wc -l)" = 1 ]
check "web is made enforcing" enforcing $web_t
check "web may not read shadow again" denied web read /etc/shadow
check "the boolean is as it was set meanwhile" is_boolean 1
set_boolean 0
# What the kernel writes and takes again it writes in another order, and the next time
# in the first one.
cat /sys/fs/selinux/policy >/run/turned.33
dd if=/run/turned.33 of=/sys/fs/selinux/load bs=64M count=1 2>/dev/null
check "the kernel has the policy that it had, to the byte" [ "$(digest)" = "$before" ]
check "no timer is left" [ "$(find /run/units -name "*.timer")" = "" ]
check "making it enforcing once more is fine" \
	says 'nothing to do' selcage mode enforcing $web_t

# What dontaudit hides, by a rule for all domains.
echo hidden >/srv/hidden
chcon system_u:object_r:hidden_t:s0 /srv/hidden
hidden() {
	tries web read /srv/hidden
	tries db read /srv/hidden
}
record mode-hidden hidden >/run/mode-hidden
check "both are denied" [ "$(grep -c denied /run/mode-hidden)" = 2 ]
check "which dontaudit hides" lacks mode-hidden 'hidden_t'
check "web is permissive without dontaudit" permissive $web_t --no-dontaudit
record mode-shown hidden >/run/mode-shown
check "what was hidden of web is logged" has mode-shown "scontext=[^ ]*$web_t" \
	'{ read }' 'hidden_t' 'permissive=1'
check "of db it is hidden" lacks mode-shown "scontext=[^ ]*$db_t" 'hidden_t'

# Two at once.
check "db is permissive as well" permissive $db_t
check "db may read shadow" allowed db read /etc/shadow
check "web is enforcing" enforcing $web_t
check "db may still read it" allowed db read /etc/shadow
check "web may not" denied web read /etc/shadow
ender=web
record mode-back hidden >/run/mode-back
check "and what dontaudit hides of it is hidden again" lacks mode-back \
	"scontext=[^ ]*$web_t" 'hidden_t'

# Others load a policy.
load caged
check "a policy of others ends it" denied db read /etc/shadow
check "and mode says so" says "$db_t  no more, .*another policy" selcage mode
check "the next one notes it" says 'is so no more: another policy was loaded' \
	selcage mode permissive $web_t --yes --for 4s
check "and then it is no news" [ "$(selcage mode | grep -c $db_t)" = 0 ]
systemctl stop "selcage-mode-$db_t-0.timer"

# The end.
sleep 5
tries=0
until denied web read /etc/shadow || [ $tries = 60 ]; do
	tries=$((tries + 1))
	sleep 0.5
done
check "the timer ends it" denied web read /etc/shadow
check "with no word of it in the ledger" [ "$(selcage mode | wc -l)" = 1 ]
check "what the timer runs said nothing" [ ! -s /run/units/errors ]

# What is refused.
check "an attribute" refused 'is an attribute' selcage mode permissive domain --yes
check "what is no type" refused 'no type .*did you mean .sshd_t' \
	selcage mode permissive sshdd_t --yes
check "what is no domain" refused 'is no domain' selcage mode permissive etc_t --yes
check "what is unconfined" refused 'is unconfined' \
	selcage mode permissive unconfined_t --yes
check "what has no end" refused '24h at most' \
	selcage mode permissive $web_t --yes --for forever
check "an alias is its type" says 'make container_t permissive' \
	selcage mode permissive svirt_lxc_net_t --dry-run

# A domain that is permissive by the policy of others.
permissive $web_t
cat /sys/fs/selinux/policy >/run/others.33
enforcing $web_t
dd if=/run/others.33 of=/sys/fs/selinux/load bs=64M count=1 2>/dev/null
check "permissive by the policy: no end is given to it" \
	refused 'permissive by the loaded policy' selcage mode permissive $web_t --yes
check "mode says that it has none" says "$web_t  by the loaded policy" selcage mode
mkdir -p /etc/selinux/default/policy
cp /run/others.33 /etc/selinux/default/policy/policy.33
check "permissive at boot: the store must change" \
	refused "semanage permissive -d $web_t" selcage mode enforcing $web_t
rm -r /etc/selinux/default/policy
permissive $db_t
check "else it is made enforcing" enforcing $web_t
check "and may not" denied web read /etc/shadow
check "the other one is as it was" allowed db read /etc/shadow
enforcing $db_t
check "and is made enforcing too" denied db read /etc/shadow
load caged
# One that is so in the installed policy alone could not be told from one of ours.
mkdir -p /etc/selinux/default/policy
cp /run/others.33 /etc/selinux/default/policy/policy.33
check "permissive once others load the installed policy: it is not begun" \
	refused "host boots with.*semanage permissive -d $web_t" \
	selcage mode permissive $web_t --yes
check "so web may not" denied web read /etc/shadow
check "another one is" permissive $db_t
check "and ends" enforcing $db_t
rm -r /etc/selinux/default/policy

# The ledger.
journal=/var/lib/selcage/ledger/journal
check "each begin in the ledger has its end" [ "$(grep -c '	begin	' $journal)" = \
	"$(grep -c '	\(done\|undone\)	' $journal)" ]
mv $journal /run/journal
mkdir $journal
check "no ledger: nothing is made permissive" refused 'ledger' \
	selcage mode permissive $web_t --yes
check "web may not" denied web read /etc/shadow
rmdir $journal
mv /run/journal $journal
permissive $web_t
mv $journal /run/journal
mkdir $journal
check "no ledger: it ends all the same" says 'not noted in the ledger' \
	selcage mode enforcing $web_t
check "web may not read" denied web read /etc/shadow
rmdir $journal
mv /run/journal $journal
rm -r /run/selcage
permissive $web_t
rm -r /run/selcage
check "what is relaxed is forgotten: it ends all the same" enforcing $web_t
check "so web may not" denied web read /etc/shadow
load caged

# The whole host.
check "the host is made permissive, with a warning" \
	says 'warning .*the whole host' selcage mode permissive --yes
check "so it is" [ "$(cat /sys/fs/selinux/enforce)" = 0 ]
check "mode says permissive" says '^permissive$' selcage mode
check "it is made enforcing" enforcing
check "so it does" [ "$(cat /sys/fs/selinux/enforce)" = 1 ]
