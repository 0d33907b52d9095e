# A module that claims a port and a path: both go into the kernel's policy and the file
# contexts with it, files get their labels, and all of it goes with it again. What a
# container put into the tree to lead the labels elsewhere leads nowhere.
# limit: 600 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
site=/srv/site
contexts=/etc/selinux/default/contexts/files/file_contexts

type_of() { stat --format %C "$1"; }
# labelled: how many of the tree's files have the label that the module claims for them
labelled() { find $site -xdev -context '*:container_file_t:s0:c1,c2' | wc -l; }

mkdir -p $site/sub /srv/beside
echo page >$site/page
ln -s /etc $site/etc
ln -s /etc/shadow $site/sub/shadow
mounts mount /srv/beside $site/sub none 4096 '' # MS_BIND
mkdir -p shop
echo 'services: { web: { image: nginx } }' >shop/compose.yaml
selcage confine shop/compose.yaml --output cage >"$work/said" 2>&1
sed '$d' cage/shop_web.cil >"$work/shop_web.cil"
cat >>"$work/shop_web.cil" <<-END
	    (type port) (roletype object_r port)
	    (typeattributeset port_type (port))
	    (typeattributeset unreserved_port_type (port))
	    (portcon tcp 3333 (system_u object_r port ((s0) (s0))))
	    (allow process port (tcp_socket (name_bind)))
	    (filecon "$site(/.*)?" any
	        (system_u object_r container_file_t ((s0 (c1 c2)) (s0 (c1 c2))))))
END
mv "$work/shop_web.cil" cage/
shadow=$(type_of /etc/shadow)
was=$(type_of $site/page)
other=$(type_of /srv/beside)

check "load shows what it claims, and the labels as a step" \
	says '2. label 1 path as the file contexts say' selcage load --dry-run cage
check "and has the port" says '+ tcp/3333: shop_web.port' selcage load --dry-run cage
mark
KILL_CALL=setxattr KILL_AT=2 LD_PRELOAD=/usr/bin/kill_at.so \
	selcage load --yes cage >"$work/killed" 2>&1
check "killed after the first label" [ $? = 137 ]
check "one of its files has it" says '^1$' labelled
check "status says that it was interrupted" says '"id":"status/load-interrupted"' \
	selcage status --json
check "the next load goes on with it" \
	says 'is done now: [1-9][0-9]* files labelled anew' selcage load --yes cage
check "and has no more to do" says 'nothing to do' selcage load --yes cage
check "nor is anything said of it any more" lacks interrupted selcage load --yes cage
check "all of it was one policy load" says '^1$' policy_loads
check "each file has its label" says '^3$' labelled
check "the path is in the file contexts" grep -q "^$site(/" $contexts
check "and restorecon would leave it so" \
	lacks . restorecon -R -F -n -v $site/page
check "the file has its label" \
	says '^system_u:object_r:container_file_t:s0:c1,c2$' type_of $site/page
check "the links to shadow and etc led nowhere" [ "$shadow" = "$(type_of /etc/shadow)" ]
check "what is mounted in it keeps its label" [ "$other" = "$(type_of /srv/beside)" ]
check "a port of others is refused" refused sh -c "
	sed 's/tcp 3333/tcp 3306/' cage/shop_web.cil >$work/shop_web.cil &&
	selcage load --yes $work/shop_web.cil >$work/said 2>&1"
mark
KILL_CALL=setxattr KILL_AT=3 LD_PRELOAD=/usr/bin/kill_at.so \
	selcage unload --yes --all >"$work/killed" 2>&1
check "killed while it comes out" [ $? = 137 ]
check "the next unload goes on with it" \
	says 'is done now: [1-9][0-9]* files labelled anew' selcage unload --yes --all
check "it took one policy load too" says '^1$' policy_loads
check "nobody has the label" says '^0$' labelled
check "the path has gone from the file contexts" refused grep -q "^$site(/" $contexts
check "and the file has the label that it had" says "^$was\$" type_of $site/page
mounts umount $site/sub
