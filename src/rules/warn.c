#include "rules/warn.h"

#include "base/buf.h"
#include "base/vec.h"

#include <stdarg.h>

#define WORDS_MAX 1023 /* bytes */

int sc_warn(struct sc_warnings *out, struct sc_arena *a, struct sc_warning w,
	    struct sc_error *err, const char *fmt, ...)
{
	va_list ap;
	bool kept;

	va_start(ap, fmt);
	kept = sc_keepvf(a, &w.words, WORDS_MAX, fmt, ap) && SC_PUSH(a, out, w);
	va_end(ap);
	return kept ? 0 : sc_no_memory(err);
}

/* Types that are no cage, whatever distribution they are from. */
static bool is_unconfined(struct sc_str type)
{
	static const struct sc_str types[] = {
		SC_STR("spc_t"), SC_STR("unconfined_t"), SC_STR("init_t"),
		SC_STR("initrc_t"), SC_STR("kernel_t")
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (sc_str_eq(type, types[i]))
			return true;
	return false;
}

bool sc_is_unprotected(const struct sc_container *c)
{
	return c->label_disabled || is_unconfined(c->label_type);
}

struct find {
	const struct sc_container *c;
	size_t number;
	struct sc_arena *arena;
	struct sc_warnings *out;
	struct sc_error *err;
};

static int find_label(struct find *f)
{
	struct sc_warning w = { .container = f->number,
				.grave = true,
				.place = f->c->label_place };

	if (f->c->label_disabled) {
		w.id = "confine/label-disabled";
		w.todo =
			"take label=disable out, or what brings it (docker adds "
			"it for privileged, pid: host and ipc: host), then "
			"run this again";
		return sc_warn(f->out, f->arena, w, f->err,
			       "label=disable: not confined by this, whatever "
			       "type it is given");
	}
	if (!is_unconfined(f->c->label_type))
		return 0;
	w.id = "confine/unconfined-type";
	w.todo = "take label=type: out of security_opt, then run this again";
	return sc_warn(f->out, f->arena, w, f->err,
		       "label=type:" SC_FMT ": not confined by this, that "
		       "type is no cage",
		       SC_ARG(f->c->label_type));
}

static int find_privileged(struct find *f)
{
	struct sc_warning w = {
		.container = f->number,
		.grave = true,
		.id = "confine/privileged",
		.todo = "name the capabilities and devices that it needs "
			"instead",
		.place = f->c->privileged_place,
	};

	if (!f->c->privileged)
		return 0;
	return sc_warn(f->out, f->arena, w, f->err,
		       "privileged: the type is kept only because it is named "
		       "in the file; all of the host's devices are in /dev as "
		       "the container's own, so character devices that work "
		       "by read and write (input, consoles) stand open, and "
		       "masked paths of /proc and /sys are shown; disks stay "
		       "closed");
}

static int find_pid(struct find *f)
{
	struct sc_warning w = {
		.container = f->number,
		.id = "confine/host-pid",
		.todo = "leave it out unless the program must see the host's "
			"processes",
		.place = f->c->pid_place,
	};

	if (f->c->pid != SC_NS_HOST)
		return 0;
	return sc_warn(f->out, f->arena, w, f->err,
		       "pid: host: it sees that the host's processes are "
		       "there; SELinux keeps them from being read, traced or "
		       "signalled as long as the type is named in the file "
		       "(without it, the engine's own domain is used)");
}

static int find_ipc(struct find *f)
{
	struct sc_warning w = {
		.container = f->number,
		.id = "confine/host-ipc",
		.todo = "leave it out, or share with one container only",
		.place = f->c->ipc_place,
	};

	if (f->c->ipc != SC_NS_HOST)
		return 0;
	return sc_warn(f->out, f->arena, w, f->err,
		       "ipc: host: shared memory and semaphores of the host "
		       "are in reach; SELinux keeps it from those of other "
		       "types as long as the type is named in the file");
}

static int find_network(struct find *f)
{
	struct sc_warning w = {
		.container = f->number,
		.id = "confine/host-network",
		.todo = "publish the ports instead",
		.place = f->c->net_place,
	};

	if (f->c->net != SC_NS_HOST)
		return 0;
	return sc_warn(f->out, f->arena, w, f->err,
		       "host network: its ports are the host's, and what "
		       "listens on the host's localhost is in reach of every "
		       "port that it may connect to, and of all of UDP; "
		       "abstract UNIX sockets too, as far as types allow");
}

static int find_device(struct find *f, const struct sc_device *d)
{
	struct sc_warning w = {
		.container = f->number,
		.id = "confine/device",
		.todo = "leave it out if it can be; the module cannot tell "
			"one device from another",
		.place = d->place,
	};

	return sc_warn(f->out, f->arena, w, f->err,
		       "device " SC_FMT ": in the container's /dev it has the "
		       "container's own type: a character device can be "
		       "opened, read and written (ioctl only as a terminal "
		       "has them), a disk cannot",
		       SC_ARG(d->host));
}

static int find_replicas(struct find *f)
{
	struct sc_warning w = {
		.container = f->number,
		.id = "confine/replicas",
		.todo = "where they must be kept apart, write a service for "
			"each",
		.place = f->c->replicas_place,
	};

	if (f->c->replicas < 2)
		return 0;
	return sc_warn(f->out, f->arena, w, f->err,
		       "runs %llu times, all with one type and one level: "
		       "SELinux does not keep one from another's files and "
		       "processes",
		       (unsigned long long)f->c->replicas);
}

int sc_warnings_find(const struct sc_container *c, size_t number,
		     struct sc_arena *a, struct sc_warnings *out,
		     struct sc_error *err)
{
	struct find f = { c, number, a, out, err };
	int r = find_label(&f);

	if (r == 0)
		r = find_privileged(&f);
	if (r == 0)
		r = find_pid(&f);
	if (r == 0)
		r = find_ipc(&f);
	if (r == 0)
		r = find_network(&f);
	if (r == 0)
		r = find_replicas(&f);
	for (size_t i = 0; r == 0 && i < c->devices.n; i++)
		r = find_device(&f, &c->devices.v[i]);
	return r;
}
