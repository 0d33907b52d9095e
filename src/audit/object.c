#include "audit/object.h"

#include "audit/path.h"
#include "audit/record.h"
#include "base/buf.h"
#include "base/capability.h"
#include "base/clean.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct sc_str sc_capability_name(struct sc_str number)
{
	uint64_t n;

	if (!sc_take_u64(&number, &n) || number.n || n >= SC_CAPABILITIES)
		return (struct sc_str){ 0 };
	return sc_capability_word((unsigned)n);
}

/* Keep what @b holds, unless it failed. */
static bool keep_buf(const struct sc_buf *b, struct sc_arena *a,
		     struct sc_str *out)
{
	return !b->failed && sc_keep(a, (struct sc_str){ b->s, b->n }, out);
}

static bool keep_words(struct sc_arena *a, struct sc_str first,
		       struct sc_str second, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, first);
	sc_put(&text, second);
	return keep_buf(&text, a, out);
}

static bool unix_text(struct sc_str path, struct sc_arena *a,
		      struct sc_str *out)
{
	const char *end;

	if (path.n && path.s[0] == '\0') {
		sc_str_drop(&path, 1);
		while (path.n && path.s[path.n - 1] == '\0')
			path.n--;
		return keep_words(a, SC_STR("@"), path, out);
	}
	end = path.n ? memchr(path.s, '\0', path.n) : NULL;
	if (end)
		path.n = (size_t)(end - path.s);
	return sc_keep(a, path, out);
}

static bool inet_text(int family, const void *address, unsigned port,
		      struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	char host[INET6_ADDRSTRLEN] = "";

	if (!inet_ntop(family, address, host, sizeof(host)))
		return true;
	sc_putf(&text, "%s port %u", host, port);
	return keep_buf(&text, a, out);
}

/* Of the kernel itself, or of a process: mostly the one that opened it. */
static bool netlink_text(struct sc_str bytes, struct sc_arena *a,
			 struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sockaddr_nl nl;

	memcpy(&nl, bytes.s, sizeof(nl));
	if (nl.nl_pid)
		sc_putf(&text, "netlink port %u", nl.nl_pid);
	else
		sc_put(&text, SC_STR("netlink kernel"));
	if (nl.nl_groups)
		sc_putf(&text, " groups 0x%x", nl.nl_groups);
	return keep_buf(&text, a, out);
}

/* What we take no further apart. */
static bool family_text(unsigned family, struct sc_arena *a, struct sc_str *out)
{
	static const struct {
		unsigned family;
		struct sc_str name;
	} names[] = {
		{ AF_INET, SC_STR("ipv4") },
		{ AF_INET6, SC_STR("ipv6") },
		{ AF_NETLINK, SC_STR("netlink") },
		{ AF_PACKET, SC_STR("packet") },
		{ AF_CAN, SC_STR("can") },
		{ AF_TIPC, SC_STR("tipc") },
		{ AF_BLUETOOTH, SC_STR("bluetooth") },
		{ AF_ALG, SC_STR("alg") },
		{ AF_VSOCK, SC_STR("vsock") },
		{ AF_QIPCRTR, SC_STR("qipcrtr") },
		{ AF_XDP, SC_STR("xdp") },
	};
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].family == family) {
			*out = names[i].name;
			return true;
		}
	sc_putf(&text, "family %u", family);
	return keep_buf(&text, a, out);
}

bool sc_address_text(struct sc_str bytes, struct sc_arena *a,
		     struct sc_str *out)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	sa_family_t family;

	*out = (struct sc_str){ 0 };
	if (bytes.n < sizeof(family))
		return true;
	memcpy(&family, bytes.s, sizeof(family));
	if (family == AF_UNIX) {
		sc_str_drop(&bytes, sizeof(family));
		return unix_text(bytes, a, out);
	}
	if (family == AF_INET && bytes.n >= sizeof(v4)) {
		memcpy(&v4, bytes.s, sizeof(v4));
		return inet_text(AF_INET, &v4.sin_addr, ntohs(v4.sin_port), a,
				 out);
	}
	if (family == AF_INET6 && bytes.n >= sizeof(v6)) {
		memcpy(&v6, bytes.s, sizeof(v6));
		return inet_text(AF_INET6, &v6.sin6_addr, ntohs(v6.sin6_port),
				 a, out);
	}
	if (family == AF_NETLINK && bytes.n >= sizeof(struct sockaddr_nl))
		return netlink_text(bytes, a, out);
	return family == AF_UNSPEC || family_text(family, a, out);
}

/* "pipe:[4711]" is no path: one pipe is like the other. */
static struct sc_str without_number(struct sc_str path)
{
	struct sc_str rest = path, number;

	if ((sc_take_prefix(&rest, SC_STR("pipe:[")) ||
	     sc_take_prefix(&rest, SC_STR("socket:["))) &&
	    sc_take_until(&rest, ']', &number) && !rest.n)
		path.n -= number.n + 3;
	return path;
}

/* The path that the AVC itself has. UNIX sockets that are no files have a
 * NUL in front. */
static bool avc_path(const struct sc_avc *avc, struct sc_arena *a,
		     struct sc_str *out)
{
	struct sc_str path;

	if (!sc_value_read(avc->path, a, &path))
		return false;
	if (path.n && path.s[0] == '\0')
		return unix_text(path, a, out);
	*out = without_number(path);
	return true;
}

static bool is_number(struct sc_str v)
{
	uint64_t n;

	return sc_take_u64(&v, &n) && !v.n;
}

static bool is_ipc(struct sc_str tclass)
{
	return sc_str_eq(tclass, SC_STR("sem")) ||
	       sc_str_eq(tclass, SC_STR("shm")) ||
	       sc_str_eq(tclass, SC_STR("msgq")) ||
	       sc_str_eq(tclass, SC_STR("ipc"));
}

static bool dbus_text(const struct sc_avc *avc, struct sc_arena *a,
		      struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, SC_STR("dbus "));
	if (avc->interface.n) {
		sc_put(&text, avc->interface);
		sc_put(&text, SC_STR("."));
		sc_put(&text, avc->member);
	} else {
		sc_put(&text, avc->service.n ? avc->service : avc->dest);
	}
	return keep_buf(&text, a, out);
}

/* A word before a decoded value; nothing if there is no value. */
static bool named_text(struct sc_str word, struct sc_str value,
		       struct sc_arena *a, struct sc_str *out)
{
	return sc_value_read(value, a, &value) &&
	       (!value.n || keep_words(a, word, value, out));
}

static bool port_text(const struct sc_avc *avc, struct sc_arena *a,
		      struct sc_str *out)
{
	struct sc_str port = is_number(avc->dest)  ? avc->dest
			     : is_number(avc->src) ? avc->src
						   : avc->lport;

	return keep_words(a, SC_STR("port "), port, out);
}

static bool has_port(const struct sc_avc *avc)
{
	return is_number(avc->dest) || is_number(avc->src) ||
	       is_number(avc->lport);
}

static void put_part(struct sc_buf *out, const char *word, struct sc_str v)
{
	if (!v.n)
		return;
	sc_putf(out, "%s%s ", out->n ? " " : "", word);
	sc_put(out, v);
}

/* Semaphores, shared memory and queues have no name, but an owner. */
static bool ipc_text(const struct sc_avc *avc, const struct sc_scene *scene,
		     struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	put_part(&text, "key", avc->ipc_key);
	put_part(&text, "uid", scene->ipc.ouid);
	put_part(&text, "gid", scene->ipc.ogid);
	put_part(&text, "mode", scene->ipc.mode);
	return keep_buf(&text, a, out);
}

/* "io_uring", for "[io_uring]" */
static struct sc_str without_brackets(struct sc_str v)
{
	if (v.n < 2 || v.s[0] != '[' || v.s[v.n - 1] != ']')
		return v;
	return (struct sc_str){ v.s + 1, v.n - 2 };
}

/* What has neither path nor name. */
static bool other_text(const struct sc_avc *avc, const struct sc_scene *scene,
		       struct sc_arena *a, struct sc_str *out)
{
	if (avc->capability.n) {
		*out = sc_capability_name(avc->capability);
		return out->n || keep_words(a, SC_STR("capability "),
					    avc->capability, out);
	}
	if (sc_str_eq(avc->tclass, SC_STR("dbus")) &&
	    (avc->interface.n || avc->service.n || avc->dest.n))
		return dbus_text(avc, a, out);
	if (has_port(avc))
		return port_text(avc, a, out);
	if (scene->module.n && sc_str_eq(avc->tclass, SC_STR("system")))
		return keep_words(a, SC_STR("module "), scene->module, out);
	if (avc->kmod.n)
		return named_text(SC_STR("module "), avc->kmod, a, out);
	if (avc->key_desc.n)
		return named_text(SC_STR("key "), avc->key_desc, a, out);
	if (avc->ocomm.n)
		return named_text(SC_STR("process "), avc->ocomm, a, out);
	if (avc->ipc_key.n || is_ipc(avc->tclass))
		return ipc_text(avc, scene, a, out);
	if (avc->anonclass.n)
		return keep_words(a, SC_STR("anonymous "),
				  without_brackets(avc->anonclass), out);
	if (avc->netif.n)
		return keep_words(a, SC_STR("interface "), avc->netif, out);
	if (memmem(avc->tclass.s, avc->tclass.n, "socket", 6))
		*out = scene->address;
	return true;
}

/* The top of a file system is called "/" wherever that is mounted; it must not
 * be taken for the path "/". */
static bool name_text(const struct sc_avc *avc, const struct sc_scene *scene,
		      struct sc_arena *a, struct sc_str *out)
{
	struct sc_str name;

	if (!sc_value_read(avc->name, a, &name) ||
	    !sc_path_find(avc, name, scene, a, out))
		return false;
	if (out->s != name.s || !sc_str_eq(name, SC_STR("/")))
		return true;
	*out = SC_STR("top of a file system");
	return !avc->dev.n || named_text(SC_STR("top of "), avc->dev, a, out);
}

/* "/etc/shadow", for "shadow" */
static bool is_path_of(struct sc_str path, struct sc_str name)
{
	return path.n > name.n && path.s[path.n - name.n - 1] == '/' &&
	       memcmp(path.s + path.n - name.n, name.s, name.n) == 0;
}

/* The record names no AVC: where there are several, the name tells which. */
static bool is_in_record(const struct sc_avc *avc, const struct sc_scene *scene,
			 struct sc_arena *a, bool *out)
{
	struct sc_str name;

	*out = false;
	if (!scene->avc_path.n || avc->path.n)
		return true;
	if (!sc_value_read(avc->name, a, &name))
		return false;
	*out = name.n ? is_path_of(scene->avc_path, name) : avc->ino.n > 0;
	return true;
}

bool sc_object_text(const struct sc_avc *avc, const struct sc_scene *scene,
		    struct sc_arena *a, struct sc_str *out)
{
	bool recorded;

	*out = (struct sc_str){ 0 };
	if (!is_in_record(avc, scene, a, &recorded))
		return false;
	if (recorded) {
		*out = without_number(scene->avc_path);
		return true;
	}
	if (avc->path.n)
		return avc_path(avc, a, out);
	if (avc->name.n)
		return name_text(avc, scene, a, out);
	return other_text(avc, scene, a, out);
}
