# Podman labels containers by the guest's policy; one whose inspect file selcage
# confined is started with the module's type, does what it is there for, and nothing
# else; without the module it does not start.
# limit: 1500 s
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
image=localhost/services

# site OPTION...: a container that serves /srv/page on port 8080 of the guest
site() {
	podman create --name web -p 8080:80 -v /srv/page:/page:Z "$@" $image \
		python3 -m http.server 80 --directory /page >"$work/id"
}
start_site() { site "$@" && podman start web; }
fetch() { curl --silent --show-error --max-time 20 http://127.0.0.1:8080/; }

# connect PORT: from inside the container
connect() {
	podman exec web python3 -c \
		"import socket; socket.create_connection(('127.0.0.1', $1), 5)"
}

check "podman says that SELinux is enabled" \
	says true podman info --format '{{.Host.Security.SELinuxEnabled}}'
podman run --detach --name plain $image sleep 600 >"$work/id"
check "a container as podman makes it is a container_t" \
	says '^system_u:system_r:container_t:s0:c[0-9]*,c[0-9]*$' domain_of plain
podman rm --force --time 0 plain >"$work/id"

mkdir -p /srv/page
echo 'a page' >/srv/page/index.html
site
podman inspect web >web.json
podman rm web >"$work/id"
mark
check "selcage confines it by its inspect file" \
	says 'type shop_web.process' selcage confine web.json --project shop -o cage
cp "$work/said" "$work/confined"
check "selcage load puts the modules into the kernel" \
	says 'loaded 2 modules' selcage load --yes cage
check "in one policy load" says '^1$' policy_loads
check "selcage modules has them" says 'shop_web .*as loaded' selcage modules

level=$(sed -n 's/.*label=level:\(s0:c[0-9]*,c[0-9]*\).*/\1/p' "$work/confined")
check "it starts with the type of its module" start_site \
	--security-opt label=type:shop_web.process --security-opt "label=level:$level"
check "and runs as that" says "^system_u:system_r:shop_web.process:$level\$" \
	domain_of web
check "its page is served" wait_until 30 says 'a page' fetch
check "with nothing denied" says 'no denials' denials --source 'shop_*'
check "which ausearch says too" lacks shop_web denied_types

check "it cannot connect to a port of others" \
	says 'PermissionError' connect 3306
check "selcage log shows that" \
	says 'shop_web.process *-> mysqld_port_t *: tcp_socket { name_connect }' denials
check "ausearch counts the same" says '^ *1 shop_web.process$' denied_types

# The kernel asks for a class that Debian's policy does not know, and then allows all.
check "status says that nothing holds back user namespaces" \
	says '"id":"status/userns-class"' selcage status --json
check "so the cage may make one" podman exec web unshare --user true
podman run --detach --name plain $image sleep 600 >"$work/id"
check "its cure loads" says 'loaded 1 module' \
	selcage load --yes --with-fix userns-class
check "status finds it no more" lacks status/userns-class selcage status --json
mark
check "the cage may make none" refused podman exec web unshare --user true
check "which selcage log shows" says \
	'shop_web.process *: user_namespace { create }' denials
check "other containers may" podman exec plain unshare --user true
check "and the host" unshare --user true
check "the page is served as before" says 'a page' fetch
podman rm --force --time 0 plain >"$work/id"

podman rm --force --time 1 web >"$work/id"
mark
check "selcage unload takes it out" says 'unloaded 3 modules' \
	selcage unload --yes --all
check "in one policy load" says '^1$' policy_loads
check "without it the container does not start" refused start_site \
	--security-opt label=type:shop_web.process --security-opt "label=level:$level"
