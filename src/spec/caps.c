#include "spec/option.h"

/* The default of docker, since 2015 and still in 28. */
#define DOCKER 1U

#define CAP(name, flags)                          \
	{                                         \
		{ name, sizeof(name) - 1 }, flags \
	}

static const struct {
	struct sc_str name;
	unsigned flags;
} linux_caps[] = {
	CAP("AUDIT_CONTROL", 0),
	CAP("AUDIT_READ", 0),
	CAP("AUDIT_WRITE", DOCKER),
	CAP("BLOCK_SUSPEND", 0),
	CAP("BPF", 0),
	CAP("CHECKPOINT_RESTORE", 0),
	CAP("CHOWN", DOCKER),
	CAP("DAC_OVERRIDE", DOCKER),
	CAP("DAC_READ_SEARCH", 0),
	CAP("FOWNER", DOCKER),
	CAP("FSETID", DOCKER),
	CAP("IPC_LOCK", 0),
	CAP("IPC_OWNER", 0),
	CAP("KILL", DOCKER),
	CAP("LEASE", 0),
	CAP("LINUX_IMMUTABLE", 0),
	CAP("MAC_ADMIN", 0),
	CAP("MAC_OVERRIDE", 0),
	CAP("MKNOD", DOCKER),
	CAP("NET_ADMIN", 0),
	CAP("NET_BIND_SERVICE", DOCKER),
	CAP("NET_BROADCAST", 0),
	CAP("NET_RAW", DOCKER),
	CAP("PERFMON", 0),
	CAP("SETFCAP", DOCKER),
	CAP("SETGID", DOCKER),
	CAP("SETPCAP", DOCKER),
	CAP("SETUID", DOCKER),
	CAP("SYSLOG", 0),
	CAP("SYS_ADMIN", 0),
	CAP("SYS_BOOT", 0),
	CAP("SYS_CHROOT", DOCKER),
	CAP("SYS_MODULE", 0),
	CAP("SYS_NICE", 0),
	CAP("SYS_PACCT", 0),
	CAP("SYS_PTRACE", 0),
	CAP("SYS_RAWIO", 0),
	CAP("SYS_RESOURCE", 0),
	CAP("SYS_TIME", 0),
	CAP("SYS_TTY_CONFIG", 0),
	CAP("WAKE_ALARM", 0),
};

#define LINUX_CAPS (sizeof(linux_caps) / sizeof(linux_caps[0]))
#define CAP_MAX 32 /* bytes that a capability's name is looked at with */

/* The model's name of what is written "cap_chown"; empty if there is none. */
static struct sc_str find_cap(struct sc_str text)
{
	char upper[CAP_MAX];
	struct sc_str name = { upper, text.n };

	if (text.n > sizeof(upper))
		return (struct sc_str){ "", 0 };
	for (size_t i = 0; i < text.n; i++) {
		bool is_lower = text.s[i] >= 'a' && text.s[i] <= 'z';

		upper[i] = (char)(is_lower ? text.s[i] - 'a' + 'A' : text.s[i]);
	}
	sc_take_prefix(&name, SC_STR("CAP_"));
	if (sc_str_eq(name, SC_STR("ALL")))
		return SC_STR("ALL");
	for (size_t i = 0; i < LINUX_CAPS; i++)
		if (sc_str_eq(linux_caps[i].name, name))
			return linux_caps[i].name;
	return (struct sc_str){ "", 0 };
}

int sc_option_caps(struct sc_reader *r, const struct sc_doc_node *node,
		   struct sc_items *items)
{
	struct sc_str text, name;

	if (!sc_doc_is(node, SC_DOC_LIST))
		return sc_reader_wrong(r, node, "a list");
	for (const struct sc_doc_node *one = node->first; one;
	     one = one->next) {
		int e = sc_reader_text(r, one, &text);

		if (e < 0)
			return e;
		if (e == 0)
			continue;
		name = find_cap(text);
		e = name.n ? sc_reader_item_once(r, items, name, one)
			   : sc_reader_note(r, one,
					    "no capability '" SC_FMT
					    "': left out",
					    SC_ARG(text));
		if (e < 0)
			return e;
	}
	return 0;
}

static bool has(const struct sc_items *items, struct sc_str name)
{
	for (size_t i = 0; i < items->n; i++)
		if (sc_str_eq(items->v[i].name, name))
			return true;
	return false;
}

/* Where both lists name it, dropped wins: never more than was asked for. */
int sc_option_docker_caps(struct sc_reader *r, struct sc_container *c,
			  const struct sc_doc_node *node)
{
	bool add_all = c->privileged || has(&c->cap_add, SC_STR("ALL"));
	bool drop_all = !c->privileged && has(&c->cap_drop, SC_STR("ALL"));

	for (size_t i = 0; i < LINUX_CAPS; i++) {
		struct sc_str name = linux_caps[i].name;
		bool is_default = linux_caps[i].flags & DOCKER;
		bool is_added = has(&c->cap_add, name);
		bool is_dropped = !c->privileged && has(&c->cap_drop, name);
		int e;

		if (drop_all ? !is_added : !(is_default || add_all || is_added))
			continue;
		if (is_dropped)
			continue;
		e = sc_reader_item(r, &c->caps, name, (struct sc_str){ "", 0 },
				   node);
		if (e < 0)
			return e;
	}
	c->caps_known = true;
	return 0;
}
