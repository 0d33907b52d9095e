#include "audit/event.h"

#include "audit/object.h"

struct reader {
	struct sc_arena *a;
	struct sc_event *out;
	struct sc_scene scene;
	size_t skip; /* AVC records still to pass over */
	size_t taken;
	uint64_t bad;
	bool more;
};

static struct sc_str *syscall_field(struct reader *r, struct sc_str key)
{
	const struct {
		struct sc_str key;
		struct sc_str *to;
	} fields[] = {
		{ SC_STR("arch"), &r->scene.arch },
		{ SC_STR("syscall"), &r->scene.syscall },
		{ SC_STR("a0"), &r->scene.a0 },
		{ SC_STR("a1"), &r->scene.a1 },
		{ SC_STR("a2"), &r->scene.a2 },
		{ SC_STR("pid"), &r->out->pid },
		{ SC_STR("comm"), &r->out->comm },
		{ SC_STR("exe"), &r->out->exe },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (sc_str_eq(key, fields[i].key))
			return fields[i].to;
	return NULL;
}

static void read_syscall(struct reader *r, struct sc_str body)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		struct sc_str *to = syscall_field(r, key);

		if (to)
			*to = value;
	}
}

static bool read_path(struct reader *r, struct sc_str body)
{
	struct sc_path_item item = { 0 };
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		if (sc_str_eq(key, SC_STR("name")))
			item.name = value;
		else if (sc_str_eq(key, SC_STR("inode")))
			item.inode = value;
		else if (sc_str_eq(key, SC_STR("obj")))
			item.label = value;
		else if (sc_str_eq(key, SC_STR("nametype")))
			item.nametype = value;
	}
	if (r->scene.n_items == SC_ITEMS_MAX)
		return true;
	if (!sc_value_read(item.name, r->a, &item.name))
		return false;
	r->scene.items[r->scene.n_items++] = item;
	return true;
}

/* The one field that a record is about, decoded. */
static bool read_value(struct reader *r, struct sc_str body, struct sc_str name,
		       struct sc_str *out)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value))
		if (sc_str_eq(key, name))
			return sc_value_read(value, r->a, out);
	return true;
}

static bool read_address(struct reader *r, struct sc_str body)
{
	struct sc_str bytes = { 0 };

	return read_value(r, body, SC_STR("saddr"), &bytes) &&
	       sc_address_text(bytes, r->a, &r->scene.address);
}

static void read_avc(struct reader *r, struct sc_str body, bool from_user)
{
	struct sc_avc *avc = &r->out->avcs[r->out->n_avcs];

	if (r->skip) {
		r->skip--;
		return;
	}
	if (r->out->n_avcs == SC_EVENT_AVCS) {
		r->more = true;
		return;
	}
	r->taken++;
	if (from_user ? sc_avc_read_user(body, avc) : sc_avc_read(body, avc)) {
		r->out->n_avcs++;
		r->out->from_user |= from_user;
	} else if (!sc_avc_is_notice(body)) {
		r->bad++;
	}
}

static bool read_record(struct reader *r, const struct sc_record *record)
{
	struct sc_str body = sc_record_body(record);

	switch (sc_record_kind(record->type)) {
	case SC_KIND_AVC:
		read_avc(r, body, false);
		return true;
	case SC_KIND_USER_AVC:
		read_avc(r, body, true);
		return true;
	case SC_KIND_SYSCALL:
		read_syscall(r, body);
		return true;
	case SC_KIND_PATH:
		return read_path(r, body);
	case SC_KIND_CWD:
		return read_value(r, body, SC_STR("cwd"), &r->scene.cwd);
	case SC_KIND_PROCTITLE:
		return read_value(r, body, SC_STR("proctitle"),
				  &r->out->proctitle);
	case SC_KIND_SOCKADDR:
		return read_address(r, body);
	case SC_KIND_OTHER:
	default:
		return true;
	}
}

/* What the AVC records say, where the others are missing. */
static bool complete(struct reader *r)
{
	struct sc_event *e = r->out;
	const struct sc_avc *first = &e->avcs[0];

	e->address = r->scene.address;
	if (!e->n_avcs)
		return true;
	if (!e->comm.n)
		e->comm = first->comm;
	if (!e->pid.n)
		e->pid = first->pid;
	if (!sc_value_read(e->comm, r->a, &e->comm) ||
	    !sc_value_read(e->exe, r->a, &e->exe))
		return false;
	for (size_t i = 0; i < e->n_avcs; i++)
		if (!sc_object_text(&e->avcs[i], &r->scene, r->a,
				    &e->objects[i]))
			return false;
	return true;
}

/* All but the arrays: those are large, and .n_avcs says what of them is set. */
static void clear(struct sc_event *e)
{
	e->stamp = (struct sc_stamp){ 0 };
	e->n_avcs = 0;
	e->continued = e->from_user = false;
	e->node = e->exe = e->comm = e->pid = (struct sc_str){ 0 };
	e->proctitle = e->address = (struct sc_str){ 0 };
}

int sc_event_read(struct sc_str lines, size_t *skip, struct sc_arena *a,
		  struct sc_event *out, uint64_t *bad, struct sc_error *err)
{
	struct reader r = { .a = a, .out = out, .skip = *skip };
	struct sc_record record;
	struct sc_str line;

	clear(out);
	out->continued = *skip > 0;
	while (sc_take_until(&lines, '\n', &line)) {
		if (!sc_record_read(line, &record))
			continue;
		out->stamp = record.stamp;
		out->node = record.node;
		if (!read_record(&r, &record))
			return sc_fail(err, SC_ENOMEM, "out of memory");
	}
	if (!complete(&r))
		return sc_fail(err, SC_ENOMEM, "out of memory");
	*skip += r.taken;
	*bad += r.bad;
	return r.more;
}
