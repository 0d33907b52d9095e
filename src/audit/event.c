#include "audit/event.h"

#include "audit/manager.h"
#include "audit/object.h"
#include "base/buf.h"
#include "base/clean.h"

struct reader {
	struct sc_arena *a;
	struct sc_event *out;
	struct sc_buf arguments; /* of EXECVE, split by NUL bytes */
	size_t skip;             /* AVC records still to pass over */
	size_t taken;
	uint64_t bad;
	bool more;
	struct sc_scene scene; /* its items, the largest part, come last */
};

static void reader_free(struct reader *r)
{
	sc_buf_free(&r->arguments);
}

static struct sc_str *syscall_field(struct reader *r, struct sc_str key)
{
	if (sc_str_eq(key, SC_STR("a0")))
		return &r->scene.a0;
	if (sc_str_eq(key, SC_STR("a1")))
		return &r->scene.a1;
	if (sc_str_eq(key, SC_STR("a2")))
		return &r->scene.a2;
	if (sc_str_eq(key, SC_STR("pid")))
		return &r->out->pid;
	if (sc_str_eq(key, SC_STR("exe")))
		return &r->out->exe;
	if (sc_str_eq(key, SC_STR("arch")))
		return &r->scene.arch;
	if (sc_str_eq(key, SC_STR("comm")))
		return &r->out->comm;
	return sc_str_eq(key, SC_STR("syscall")) ? &r->scene.syscall : NULL;
}

static void read_syscall(struct reader *r, struct sc_str body)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		struct sc_str *to = syscall_field(r, key);

		if (to)
			*to = value;
		if (to == &r->out->exe)
			break; /* what follows is not wanted */
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
		else if (sc_str_eq(key, SC_STR("ouid")))
			item.ouid = value;
		else if (sc_str_eq(key, SC_STR("ogid")))
			item.ogid = value;
		else if (sc_str_eq(key, SC_STR("mode")))
			item.mode = value;
		else if (sc_str_eq(key, SC_STR("nametype")))
			item.nametype = value;
		if (item.nametype.n)
			break; /* what follows is not wanted */
	}
	if (r->scene.n_items == SC_ITEMS_MAX)
		return true;
	if (!sc_value_read(item.name, r->a, &item.name))
		return false;
	r->scene.items[r->scene.n_items++] = item;
	return true;
}

/* The one field that a record is about, as it stands there. */
static bool find_value(struct sc_str body, struct sc_str name,
		       struct sc_str *out)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value))
		if (sc_str_eq(key, name)) {
			*out = value;
			return true;
		}
	return false;
}

/* The same, decoded. */
static bool read_value(struct reader *r, struct sc_str body, struct sc_str name,
		       struct sc_str *out)
{
	struct sc_str value;

	return !find_value(body, name, &value) ||
	       sc_value_read(value, r->a, out);
}

/* "3" or "3[1]": the argument's number, and that of its part if it is long. */
static bool take_argument(struct sc_str key, uint64_t *part)
{
	uint64_t n;

	*part = 0;
	if (!sc_take_prefix(&key, SC_STR("a")) || !sc_take_u64(&key, &n))
		return false;
	return !key.n ||
	       (sc_take_prefix(&key, SC_STR("[")) && sc_take_u64(&key, part) &&
		sc_take_prefix(&key, SC_STR("]")) && !key.n);
}

/* "argc=3 a0="ls" a1="-l" a2_len=9000 a2[0]=... a2[1]=...": the arguments, by
 * NUL bytes, for events that have no PROCTITLE. There can be several records.
 */
static bool read_execve(struct reader *r, struct sc_str body)
{
	struct sc_buf *line = &r->arguments;
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		uint64_t part;

		if (!take_argument(key, &part))
			continue;
		if (!sc_value_read(value, r->a, &value))
			return false;
		if (line->n && !part)
			sc_put(line, (struct sc_str){ "", 1 });
		sc_put(line, value);
	}
	return !line->failed;
}

static void read_ipc(struct reader *r, struct sc_str body)
{
	struct sc_str key, value;

	while (sc_take_field(&body, &key, &value)) {
		if (sc_str_eq(key, SC_STR("ouid")))
			r->scene.ipc.ouid = value;
		else if (sc_str_eq(key, SC_STR("ogid")))
			r->scene.ipc.ogid = value;
		else if (sc_str_eq(key, SC_STR("mode")))
			r->scene.ipc.mode = value;
	}
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
		if (from_user)
			r->out->manager = sc_manager_of(avc);
	} else if (!sc_avc_is_notice(body)) {
		r->bad++;
	}
}

static bool read_notice(struct reader *r, enum sc_kind kind, struct sc_str body)
{
	struct sc_event *e = r->out;
	bool no_memory;

	if (e->continued || e->n_notices == SC_EVENT_NOTICES)
		return true;
	if (sc_notice_read(kind, body, r->a, &e->notices[e->n_notices],
			   &no_memory))
		e->n_notices++;
	else
		r->bad++;
	return !no_memory;
}

static bool read_part(struct reader *r, const struct sc_part *part)
{
	struct sc_str body = sc_record_body(part->body);

	switch (part->kind) {
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
		(void)find_value(body, SC_STR("proctitle"), &r->out->proctitle);
		return true;
	case SC_KIND_SOCKADDR:
		return read_address(r, body);
	case SC_KIND_ERROR:
	case SC_KIND_USER_ERROR:
	case SC_KIND_LOAD:
	case SC_KIND_STATUS:
	case SC_KIND_CONFIG:
		return read_notice(r, part->kind, body);
	case SC_KIND_EXECVE:
		return read_execve(r, body);
	case SC_KIND_MODULE:
		return read_value(r, body, SC_STR("name"), &r->scene.module);
	case SC_KIND_IPC:
		read_ipc(r, body);
		return true;
	case SC_KIND_AVC_PATH:
		return read_value(r, body, SC_STR("path"), &r->scene.avc_path);
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
	if (e->n_avcs && !e->comm.n)
		e->comm = first->comm;
	if (e->n_avcs && !e->pid.n)
		e->pid = first->pid;
	if (!sc_value_read(e->comm, r->a, &e->comm) ||
	    !sc_value_read(e->exe, r->a, &e->exe))
		return false;
	if (sc_str_eq(e->proctitle, SC_STR("(null)")))
		e->proctitle = (struct sc_str){ 0 };
	if (!e->proctitle.n &&
	    !sc_keep(r->a, (struct sc_str){ r->arguments.s, r->arguments.n },
		     &e->arguments))
		return false;
	for (size_t i = 0; i < e->n_avcs; i++)
		if (!sc_object_text(&e->avcs[i], &r->scene, r->a,
				    &e->objects[i]))
			return false;
	return !sc_owner_matters(e->avcs, e->n_avcs) ||
	       sc_owner_find(&r->scene, r->a, &e->owner);
}

/* All but the arrays: those are large, and .n_avcs says what of them is set. */
static void clear(struct sc_event *e)
{
	e->stamp = (struct sc_stamp){ 0 };
	e->n_avcs = e->n_notices = 0;
	e->continued = e->from_user = e->forgeable = false;
	e->node = e->exe = e->comm = e->pid = (struct sc_str){ 0 };
	e->proctitle = e->arguments = e->address = (struct sc_str){ 0 };
	e->manager = (struct sc_str){ 0 };
	e->owner = (struct sc_owner){ 0 };
}

int sc_event_read(const struct sc_parts *parts, size_t *skip,
		  struct sc_arena *a, struct sc_event *out, uint64_t *bad,
		  struct sc_error *err)
{
	SC_CLEAN(reader_free) struct reader r;

	memset(&r, 0, offsetof(struct reader, scene.items));
	r.a = a;
	r.out = out;
	r.skip = *skip;
	clear(out);
	out->continued = *skip > 0;
	out->stamp = parts->stamp;
	out->node = parts->node;
	for (size_t i = 0; i < parts->n; i++)
		if (!read_part(&r, &parts->v[i]))
			return sc_no_memory(err);
	if (!complete(&r))
		return sc_no_memory(err);
	*skip += r.taken;
	*bad += r.bad;
	return r.more;
}
