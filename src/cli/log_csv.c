#include "cli/log_csv.h"

#include "audit/levels.h"
#include "base/clean.h"
#include "base/label.h"
#include "base/safe.h"
#include "cli/when.h"

#include <inttypes.h>

static void put_cell(struct sc_buf *out, struct sc_str v)
{
	SC_CLEAN(sc_buf_free) struct sc_buf safe = { 0 };
	struct sc_str rest, part;

	sc_put_safe(&safe, v);
	out->failed = out->failed || safe.failed;
	rest = (struct sc_str){ safe.s, safe.n };
	sc_put(out, SC_STR("\""));
	if (rest.n && strchr("=+-@", *rest.s))
		sc_put(out, SC_STR("'"));
	while (sc_take_until(&rest, '"', &part)) {
		sc_put(out, part);
		sc_put(out, SC_STR("\"\""));
	}
	sc_put(out, rest);
	sc_put(out, SC_STR("\""));
}

static void put_text(struct sc_buf *out, struct sc_str v)
{
	sc_put(out, SC_STR(","));
	put_cell(out, v);
}

static void put_bool(struct sc_buf *out, bool v)
{
	sc_putf(out, ",%s", v ? "true" : "false");
}

/* 0 is no known time. */
static void put_time(struct sc_buf *out, uint64_t ms)
{
	if (ms)
		sc_when_write(out, ms, true);
}

void sc_log_group_csv_head(struct sc_buf *out)
{
	sc_put(out, SC_STR("count,source,target,class,perms,scontext,tcontext,"
			   "levels,permissive,from_user,forgeable,first,last,"
			   "object,more_objects,program,more_programs,port,"
			   "manager\n"));
}

/* The first of them, and how many records have others. */
static void put_seen(struct sc_buf *out, const struct sc_seen *seen, size_t n,
		     uint64_t more)
{
	put_text(out, n ? seen[0].text : (struct sc_str){ 0 });
	for (size_t i = 1; i < n; i++)
		more += seen[i].count;
	sc_putf(out, ",%" PRIu64, more);
}

void sc_log_group_csv(struct sc_buf *out, const struct sc_denial *d)
{
	sc_putf(out, "%" PRIu64, d->count);
	put_text(out, d->source);
	put_text(out, d->target);
	put_text(out, d->tclass);
	put_text(out, d->perms);
	put_text(out, d->scontext);
	put_text(out, d->tcontext);
	sc_putf(out, ",%s", sc_levels_name(d->levels));
	put_bool(out, d->permissive);
	put_bool(out, d->from_user);
	put_bool(out, d->forgeable);
	sc_put(out, SC_STR(","));
	put_time(out, d->first_ms);
	sc_put(out, SC_STR(","));
	put_time(out, d->last_ms);
	put_seen(out, d->objects, d->n_objects, d->more_objects);
	put_seen(out, d->programs, d->n_programs, d->more_programs);
	sc_put(out, SC_STR(","));
	if (d->port)
		sc_putf(out, "%u", d->port);
	put_text(out, d->manager);
	sc_put(out, SC_STR("\n"));
}

void sc_log_event_csv_head(struct sc_buf *out)
{
	sc_put(out, SC_STR("time,serial,node,source,target,class,perms,"
			   "scontext,tcontext,permissive,from_user,forgeable,"
			   "object,ioctlcmd,comm,exe,pid,address,manager\n"));
}

void sc_log_event_csv(struct sc_buf *out, const struct sc_event *e, size_t i)
{
	const struct sc_avc *avc = &e->avcs[i];

	put_time(out, e->stamp.ms);
	sc_put(out, SC_STR(","));
	if (e->stamp.serial)
		sc_putf(out, "%" PRIu64, e->stamp.serial);
	put_text(out, e->node);
	put_text(out, sc_label_type(avc->source));
	put_text(out, sc_label_type(avc->target));
	put_text(out, avc->tclass);
	put_text(out, avc->perms);
	put_text(out, avc->source);
	put_text(out, avc->target);
	put_bool(out, avc->permissive);
	put_bool(out, e->from_user);
	put_bool(out, e->forgeable);
	put_text(out, e->objects[i]);
	put_text(out, avc->ioctlcmd);
	put_text(out, e->comm);
	put_text(out, e->exe);
	put_text(out, e->pid);
	put_text(out, e->address);
	put_text(out, e->manager);
	sc_put(out, SC_STR("\n"));
}
