#include "cli/log_json.h"

#include "audit/levels.h"
#include "base/clean.h"
#include "base/label.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/when.h"

#include <inttypes.h>

void sc_seen_json(struct sc_buf *out, const char *name,
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

void sc_log_group_json(struct sc_buf *out, const struct sc_denial *d)
{
	sc_putf(out, "{\"v\":1,\"count\":%" PRIu64, d->count);
	sc_member_text(out, "source", d->source);
	sc_member_text(out, "target", d->target);
	sc_member_text(out, "class", d->tclass);
	sc_member_words(out, "perms", d->perms);
	sc_member_text(out, "scontext", d->scontext);
	sc_member_text(out, "tcontext", d->tcontext);
	sc_member_present(out, "trawcon", d->trawcon);
	sc_member_text(out, "levels", sc_view(sc_levels_name(d->levels)));
	sc_member_bool(out, "permissive", d->permissive);
	sc_member_bool(out, "from_user", d->from_user);
	sc_member_present(out, "manager", d->manager);
	sc_member_bool(out, "forgeable", d->forgeable);
	sc_when_member(out, "first", d->first_ms, true);
	sc_when_member(out, "last", d->last_ms, true);
	sc_seen_json(out, "objects", d->objects, d->n_objects, d->more_objects);
	sc_seen_json(out, "programs", d->programs, d->n_programs,
		     d->more_programs);
	put_ioctls_json(out, d);
	if (d->port)
		sc_putf(out, ",\"port\":%u", d->port);
	sc_put(out, SC_STR("}\n"));
}

/* Quoted or in hex, as the kernel logs what may hold any byte. */
static void put_coded(struct sc_buf *out, const char *name, struct sc_str v)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

	if (!v.n)
		return;
	out->failed |= !sc_value_read(v, &arena, &v);
	sc_member_present(out, name, v);
}

/* Both ends of a connection, and where it goes through. */
static void put_ends(struct sc_buf *out, const struct sc_avc *avc)
{
	sc_member_present(out, "laddr", avc->laddr);
	sc_member_present(out, "lport", avc->lport);
	sc_member_present(out, "faddr", avc->faddr);
	sc_member_present(out, "fport", avc->fport);
	sc_member_present(out, "saddr", avc->saddr);
	sc_member_present(out, "src", avc->src);
	sc_member_present(out, "daddr", avc->daddr);
	sc_member_present(out, "dest", avc->dest);
	sc_member_present(out, "netif", avc->netif);
}

void sc_log_event_json(struct sc_buf *out, const struct sc_event *e, size_t i)
{
	const struct sc_avc *avc = &e->avcs[i];

	sc_put(out, SC_STR("{\"v\":1"));
	sc_when_member(out, "time", e->stamp.ms, true);
	if (e->stamp.serial)
		sc_putf(out, ",\"serial\":%" PRIu64, e->stamp.serial);
	sc_member_present(out, "node", e->node);
	sc_member_text(out, "source", sc_label_type(avc->source));
	sc_member_text(out, "target", sc_label_type(avc->target));
	sc_member_text(out, "class", avc->tclass);
	sc_member_words(out, "perms", avc->perms);
	sc_member_text(out, "scontext", avc->source);
	sc_member_text(out, "tcontext", avc->target);
	sc_member_bool(out, "permissive", avc->permissive);
	sc_member_bool(out, "from_user", e->from_user);
	sc_member_present(out, "manager", e->manager);
	sc_member_bool(out, "forgeable", e->forgeable);
	sc_member_present(out, "object", e->objects[i]);
	put_coded(out, "srawcon", avc->srawcon);
	put_coded(out, "trawcon", avc->trawcon);
	put_ends(out, avc);
	sc_member_present(out, "ioctlcmd", avc->ioctlcmd);
	sc_member_present(out, "comm", e->comm);
	sc_member_present(out, "exe", e->exe);
	sc_member_present(out, "pid", e->pid);
	put_coded(out, "proctitle", e->proctitle);
	sc_member_present(out, "proctitle", e->arguments);
	sc_member_present(out, "address", e->address);
	sc_put(out, SC_STR("}\n"));
}
