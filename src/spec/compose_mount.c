#include "spec/compose.h"

static const struct sc_str nothing = { "", 0 };

/* "./x", "/x", "~/x" and "../x" are folders; all else names a volume. */
static enum sc_mount_kind source_kind(struct sc_str source)
{
	return source.n && memchr("./~", source.s[0], 3) ? SC_MOUNT_BIND
							 : SC_MOUNT_VOLUME;
}

/* "source:target[:options]", or the target of an anonymous volume. */
static int read_short_volume(struct sc_reader *r,
			     const struct sc_doc_node *node,
			     struct sc_container *c)
{
	struct sc_mount m = { .source = nothing };
	struct sc_str text;
	int e = sc_reader_text(r, node, &text);

	if (e <= 0)
		return e;
	if (!sc_take_until(&text, ':', &m.source)) {
		m.kind = SC_MOUNT_VOLUME;
		m.target = text;
	} else {
		m.kind = source_kind(m.source);
		if (!sc_take_until(&text, ':', &m.target)) {
			m.target = text;
			text = nothing;
		}
		sc_option_mount(text, &m);
	}
	if (m.target.n == 0)
		return sc_reader_note(r, node,
				      "a volume without a target: left out");
	e = sc_reader_place(r, node, &m.place);
	return e < 0 ? e : sc_reader_mount(r, c, m);
}

static enum sc_mount_kind kind_of(struct sc_str type)
{
	if (sc_str_eq(type, SC_STR("bind")))
		return SC_MOUNT_BIND;
	if (sc_str_eq(type, SC_STR("volume")))
		return SC_MOUNT_VOLUME;
	if (sc_str_eq(type, SC_STR("tmpfs")))
		return SC_MOUNT_TMPFS;
	return SC_MOUNT_OTHER;
}

/* {type: bind, source: /x, target: /y, bind: {selinux: Z}} */
static int read_long_volume(struct sc_reader *r, const struct sc_doc_node *node,
			    struct sc_container *c)
{
	struct sc_mount m = { .source = nothing, .target = nothing };
	struct sc_str type = nothing, relabel = nothing;
	const struct sc_doc_node *bind = sc_doc_get(node, "bind");

	if (sc_reader_text(r, sc_doc_get(node, "type"), &type) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "source"), &m.source) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "target"), &m.target) < 0 ||
	    sc_reader_bool(r, sc_doc_get(node, "read_only"), &m.read_only) <
		    0 ||
	    sc_reader_text(r, sc_doc_get(bind, "selinux"), &relabel) < 0 ||
	    sc_reader_place(r, node, &m.place) < 0)
		return (int)r->err->code;
	m.kind = type.n ? kind_of(type) : SC_MOUNT_VOLUME;
	if (sc_str_eq(relabel, SC_STR("z")))
		m.relabel = SC_RELABEL_SHARED;
	else if (sc_str_eq(relabel, SC_STR("Z")))
		m.relabel = SC_RELABEL_PRIVATE;
	if (m.target.n == 0)
		return sc_reader_note(r, node,
				      "a volume without a target: left out");
	return sc_reader_mount(r, c, m);
}

int sc_compose_volumes(struct sc_reader *r, const struct sc_doc_node *node,
		       struct sc_container *c)
{
	return sc_compose_each(r, node, c, read_long_volume, read_short_volume);
}

static int read_tmpfs(struct sc_reader *r, const struct sc_doc_node *node,
		      struct sc_container *c)
{
	struct sc_mount m = { .kind = SC_MOUNT_TMPFS, .source = nothing };
	struct sc_str text;
	int e = sc_reader_text(r, node, &text);

	if (e <= 0)
		return e;
	if (!sc_take_part(&text, ':', &m.target))
		return 0;
	sc_option_mount(text, &m);
	e = sc_reader_place(r, node, &m.place);
	return e < 0 ? e : sc_reader_mount(r, c, m);
}

int sc_compose_tmpfs(struct sc_reader *r, const struct sc_doc_node *node,
		     struct sc_container *c)
{
	int e = 0;

	if (!sc_doc_is(node, SC_DOC_LIST))
		return read_tmpfs(r, node, c);
	for (const struct sc_doc_node *one = node->first; one && e >= 0;
	     one = one->next)
		e = read_tmpfs(r, one, c);
	return e;
}

/* "/dev/x[:/dev/y[:rwm]]", or a CDI name: "vendor.com/class=name" */
static int read_short_device(struct sc_reader *r,
			     const struct sc_doc_node *node,
			     struct sc_container *c)
{
	struct sc_device d = { .container = nothing, .perms = nothing };
	struct sc_str text;
	int e = sc_reader_text(r, node, &text);

	if (e <= 0 || !sc_take_part(&text, ':', &d.host))
		return e < 0 ? e : 0;
	if (!sc_take_part(&text, ':', &d.container))
		d.container = d.host;
	d.perms = text;
	if (d.host.n && d.host.s[0] != '/') {
		e = sc_reader_note(r, node,
				   "'" SC_FMT
				   "' is no path of a device: what the name "
				   "opens is not looked at",
				   SC_ARG(d.host));
		if (e < 0)
			return e;
	}
	e = sc_reader_place(r, node, &d.place);
	return e < 0 ? e : sc_reader_device(r, c, d);
}

static int read_long_device(struct sc_reader *r, const struct sc_doc_node *node,
			    struct sc_container *c)
{
	struct sc_device d = { .host = nothing,
			       .container = nothing,
			       .perms = nothing };

	if (sc_reader_text(r, sc_doc_get(node, "source"), &d.host) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "target"), &d.container) < 0 ||
	    sc_reader_text(r, sc_doc_get(node, "permissions"), &d.perms) < 0 ||
	    sc_reader_place(r, node, &d.place) < 0)
		return (int)r->err->code;
	if (d.container.n == 0)
		d.container = d.host;
	return sc_reader_device(r, c, d);
}

int sc_compose_devices(struct sc_reader *r, const struct sc_doc_node *node,
		       struct sc_container *c)
{
	return sc_compose_each(r, node, c, read_long_device, read_short_device);
}
