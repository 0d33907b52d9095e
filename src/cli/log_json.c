#include "cli/log_json.h"

#include "base/clean.h"
#include "base/safe.h"
#include "cli/when.h"

#include <inttypes.h>

static void put_member(struct sc_buf *out, const char *name, struct sc_str v)
{
	sc_putf(out, ",\"%s\":", name);
	sc_put_json(out, v);
}

static void put_present(struct sc_buf *out, const char *name, struct sc_str v)
{
	if (v.n)
		put_member(out, name, v);
}

static void put_time(struct sc_buf *out, const char *name, uint64_t ms)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_when_write(&text, ms, true);
	put_member(out, name, (struct sc_str){ text.s, text.n });
}

static void put_perms(struct sc_buf *out, struct sc_str perms)
{
	struct sc_str key, word;
	const char *gap = "";

	sc_put(out, SC_STR(",\"perms\":["));
	while (sc_take_field(&perms, &key, &word)) {
		sc_putf(out, "%s", gap);
		sc_put_json(out, word);
		gap = ",";
	}
	sc_put(out, SC_STR("]"));
}

static void put_seen_json(struct sc_buf *out, const char *name,
			  const struct sc_seen *seen, size_t n, uint64_t more)
{
	sc_putf(out, ",\"%s\":[", name);
	for (size_t i = 0; i < n; i++) {
		sc_putf(out, "%s{\"text\":", i ? "," : "");
		sc_put_json(out, seen[i].text);
		sc_putf(out, ",\"count\":%" PRIu64 "}", seen[i].count);
	}
	sc_putf(out, "],\"more_%s\":%" PRIu64, name, more);
}

static void put_ioctls_json(struct sc_buf *out, const struct sc_denial *d)
{
	if (!d->ioctl)
		return;
	sc_put(out, SC_STR(",\"ioctls\":["));
	for (size_t i = 0; i < d->n_ioctls; i++)
		sc_putf(out, "%s\"0x%04x\"", i ? "," : "", d->ioctls[i]);
	sc_putf(out, "],\"more_ioctls\":%" PRIu64, d->more_ioctls);
}

static const char *bool_word(bool b)
{
	return b ? "true" : "false";
}

void sc_log_group_json(struct sc_buf *out, const struct sc_denial *d)
{
	static const struct sc_str levels[] = {
		[SC_LEVELS_NONE] = SC_STR("none"),
		[SC_LEVELS_EQUAL] = SC_STR("equal"),
		[SC_LEVELS_DOMINATES] = SC_STR("dominates"),
		[SC_LEVELS_DOMINATED] = SC_STR("dominated"),
		[SC_LEVELS_INCOMPARABLE] = SC_STR("incomparable"),
		[SC_LEVELS_OTHER] = SC_STR("other"),
	};

	sc_putf(out, "{\"v\":1,\"count\":%" PRIu64, d->count);
	put_member(out, "source", d->source);
	put_member(out, "target", d->target);
	put_member(out, "class", d->tclass);
	put_perms(out, d->perms);
	put_member(out, "scontext", d->scontext);
	put_member(out, "tcontext", d->tcontext);
	put_present(out, "trawcon", d->trawcon);
	put_member(out, "levels", levels[d->levels]);
	sc_putf(out, ",\"permissive\":%s,\"from_user\":%s",
		bool_word(d->permissive), bool_word(d->from_user));
	put_time(out, "first", d->first_ms);
	put_time(out, "last", d->last_ms);
	put_seen_json(out, "objects", d->objects, d->n_objects,
		      d->more_objects);
	put_seen_json(out, "programs", d->programs, d->n_programs,
		      d->more_programs);
	put_ioctls_json(out, d);
	if (d->port)
		sc_putf(out, ",\"port\":%u", d->port);
	sc_put(out, SC_STR("}\n"));
}

void sc_log_event_json(struct sc_buf *out, const struct sc_event *e, size_t i)
{
	const struct sc_avc *avc = &e->avcs[i];

	sc_put(out, SC_STR("{\"v\":1"));
	put_time(out, "time", e->stamp.ms);
	sc_putf(out, ",\"serial\":%" PRIu64, e->stamp.serial);
	put_present(out, "node", e->node);
	put_member(out, "source", sc_type_of(avc->source));
	put_member(out, "target", sc_type_of(avc->target));
	put_member(out, "class", avc->tclass);
	put_perms(out, avc->perms);
	put_member(out, "scontext", avc->source);
	put_member(out, "tcontext", avc->target);
	sc_putf(out, ",\"permissive\":%s,\"from_user\":%s",
		bool_word(avc->permissive), bool_word(e->from_user));
	put_present(out, "object", e->objects[i]);
	put_present(out, "ioctlcmd", avc->ioctlcmd);
	put_present(out, "comm", e->comm);
	put_present(out, "exe", e->exe);
	put_present(out, "pid", e->pid);
	put_present(out, "proctitle", e->proctitle);
	put_present(out, "address", e->address);
	sc_put(out, SC_STR("}\n"));
}
