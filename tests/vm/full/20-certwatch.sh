# The first document's story: a confined program is denied a directory that is var_t;
# what the documents do about it, what selcage does, and what each grants beyond.
# limit: 1800 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=story.sh
. /test/story.sh
log=/var/log/audit/audit.log

# certwatch WORD: run in its domain, was it allowed, or denied, to make a directory for
# its notes? By pipes: its files would be denials of their own.
certwatch() {
	rm -rf /var/certs/cache/notes
	runcon system_u:system_r:certwatch_t:s0 /usr/local/bin/certwatch \
		certwatch mkdir /var/certs/cache/notes 2>&1 </dev/null |
		cat >"$work/certwatch"
	sleep 1
	grep -q "^certwatch $1\$" "$work/certwatch"
}

# other NAME OPERATION...: another program, in a container's domain, which has no right
# to our pipes: the log tells
other() {
	runcon system_u:system_r:container_t:s0:c1,c2 /srv/other/act "$@" \
		>/dev/null 2>&1 </dev/null
	sleep 1
}

cp /usr/bin/act /usr/local/bin/certwatch
chcon -t certwatch_exec_t /usr/local/bin/certwatch
mkdir -p /var/certs/cache /srv/other
restorecon -R /var/certs 2>&1 | cat
cp /usr/bin/act /srv/other/act
chcon -R -t container_file_t /srv/other
check "the directory is var_t" says :var_t: ls -dZ /var/certs/cache

mark
check "certwatch is denied its notes" certwatch denied
check "the kernel logged the denial of the document" says \
	'denied  { write } .*comm="certwatch" name="cache".*certwatch_t.*var_t.*tclass=dir' \
	ausearch_since AVC
# What else is in a log: a denial that has the word in it, as any process may arrange,
# and one that has not.
other certwatch read /etc/shadow
other other open-write /etc/passwd
check "another domain was denied shadow under the same name" says \
	'comm="certwatch".*container_t.*shadow_t' ausearch_since AVC

# ---- the documents' way
remark "The documents' way. Each round allows what the last denial named, and no more:"
began=$(date +%s)
mark
rounds=0
while [ $rounds -lt 8 ] && ! certwatch allowed; do
	rounds=$((rounds + 1))
	tell "grep certwatch $log | audit2allow -M local"
	tell "semodule -i local.pp"
done
took=$(($(date +%s) - began))
loads=$(policy_loads)
check "the documents' way opens the directory" certwatch allowed
check "with a policy built for each round ($rounds)" [ "$loads" = "$rounds" ]
check "and that's three" [ "$rounds" = 3 ]
remark "$rounds policies built and loaded, in $took seconds. What they allow:"
tell "grep '^allow' local.te"
check "it also gives another domain the shadow file, which said certwatch" \
	grep -q 'allow container_t shadow_t:file' local.te
check "but nobody whose denials did not" lacks etc_t cat local.te
# Fed by a pipe, -a reads the pipe: ausearch, which it runs, does.
audit2allow -a </dev/null >all.te 2>/dev/null
check "audit2allow -a alone allows the whole log" \
	grep -q 'allow container_t etc_t:file' all.te
semodule -r local 2>&1 | cat
check "without the module it is denied again" certwatch denied

# ---- ours
remark "With selcage. Why was it denied, and is a rule the right answer?"
began=$(date +%s)
mark
certwatch denied
tell "selcage explain --source certwatch_t --since $since"
check "explain says that a rule is missing, and that a label may be better" \
	grep -q 'a label of its own for .*cache is often' told
remark "What it needs to the end: this domain alone is permissive, for a while." \
	"Everything else stays enforced."
check "its domain alone is made permissive" \
	tell "selcage mode permissive certwatch_t --for 10m --yes"
certwatch allowed
other other open-write /etc/passwd
check "others stay enforced" says 'denied .*comm="other".*permissive=0' \
	ausearch_since AVC
check "and enforcing again" tell "selcage mode enforcing certwatch_t --yes"
check "then it's denied as before" certwatch denied
check "allow writes its rules" tell "selcage allow --source certwatch_t \
--since $since >certwatch_notes.cil"
tell "cat certwatch_notes.cil"
check "for one domain" lacks container_t cat certwatch_notes.cil
check "of one class, to the end" grep -q \
	'^(allow certwatch_t var_t (dir (add_name create write)))$' \
	certwatch_notes.cil
grep certwatch_t $log >certwatch.log
check "prove finds nothing that it must not gain, and nothing left open" \
	tell "selcage prove certwatch_notes.cil --denials certwatch.log"
mark
check "load puts it in" tell "selcage load --yes certwatch_notes.cil"
check "with one policy built" says '^1$' policy_loads
check "it may make its notes" certwatch allowed
took=$(($(date +%s) - began))
remark "One policy built, in $took seconds; one domain, one access. And out again:"
check "unload takes it out" tell "selcage unload --yes certwatch_notes"
check "it is denied again" certwatch denied

# What prove says of the documents' module.
sed -n 's/^allow \([a-z_]*\) \([a-z_]*\):\([a-z_]*\) {* *\([a-z_ ]*[a-z_]\) *}*;/(allow \1 \2 (\3 (\4)))/p' \
	local.te >documents.cil
remark "What prove says of the rules that the documents' way came to:"
tell "selcage prove documents.cil"
check "prove refuses them: a container would read the shadow file" \
	grep -q 'REFUSED.*container_t could read secrets of the host' told
cp certwatch.log "$out/"
