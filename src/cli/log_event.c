#include "cli/log_event.h"

#include "base/clean.h"
#include "base/label.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/when.h"
#include "cli/wrap.h"

static struct sc_str program_of(const struct sc_event *e)
{
	return e->exe.n ? e->exe : e->comm;
}

static void put_end(struct sc_buf *out, const char *word, struct sc_str host,
		    struct sc_str port)
{
	if (!host.n)
		return;
	sc_putf(out, " %s ", word);
	sc_put_name(out, host);
	if (!port.n)
		return;
	sc_put(out, SC_STR(" port "));
	sc_put_name(out, port);
}

/* Quoted or in hex, as the kernel logs a label that the policy lacks. */
static void put_label(struct sc_buf *out, const char *word, struct sc_str v)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

	if (!v.n)
		return;
	out->failed |= !sc_value_read(v, &arena, &v);
	put_end(out, word, v, (struct sc_str){ 0 });
}

/* Where the port is that was told, if the call says it and not the denial. */
static void put_address(struct sc_buf *out, const struct sc_avc *avc,
			struct sc_str address)
{
	const char *port =
		address.n ? memmem(address.s, address.n, " port ", 6) : NULL;

	if ((!avc->dest.n && !avc->src.n) || avc->saddr.n || avc->daddr.n)
		return;
	if (port)
		address.n = (size_t)(port - address.s);
	put_end(out, "at", address, (struct sc_str){ 0 });
}

/* Of a packet or a connection, and labels that the policy does not have. */
static void put_more(struct sc_buf *out, const struct sc_avc *avc)
{
	put_end(out, "from", avc->laddr.n ? avc->laddr : avc->saddr,
		avc->laddr.n ? avc->lport : avc->src);
	put_end(out, "to", avc->faddr.n ? avc->faddr : avc->daddr,
		avc->faddr.n ? avc->fport : avc->dest);
	put_label(out, "label of the process", avc->srawcon);
	put_label(out, "label on disk", avc->trawcon);
}

void sc_log_event(struct sc_buf *out, const struct sc_event *e, size_t i,
		  bool colour)
{
	const struct sc_avc *avc = &e->avcs[i];
	struct sc_str program = program_of(e);

	sc_putf(out, "%s", sc_colour(colour, SC_DIM));
	sc_when_put_event(out, e->stamp.ms);
	sc_putf(out, "%s ", sc_colour(colour, SC_PLAIN));
	sc_put_name(out, program.n ? program : SC_STR("?"));
	if (e->pid.n) {
		sc_put(out, SC_STR("["));
		sc_put_safe(out, e->pid);
		sc_put(out, SC_STR("]"));
	}
	sc_putf(out,
		" " SC_FMT " -> " SC_FMT " : " SC_FMT " { %s" SC_FMT "%s }",
		SC_ARG(sc_label_type(avc->source)),
		SC_ARG(sc_label_type(avc->target)), SC_ARG(avc->tclass),
		sc_colour(colour, avc->permissive ? SC_YELLOW : SC_RED),
		SC_ARG(avc->perms), sc_colour(colour, SC_PLAIN));
	if (e->objects[i].n && !sc_str_eq(e->objects[i], avc->perms)) {
		sc_put(out, SC_STR(" "));
		sc_put_name(out, e->objects[i]);
	}
	if (avc->ioctlcmd.n) {
		sc_put(out, SC_STR(" ioctl "));
		sc_put_safe(out, avc->ioctlcmd);
	}
	put_address(out, avc, e->address);
	put_more(out, avc);
	sc_putf(out, "%s%s\n", avc->permissive ? " (permissive)" : "",
		e->forgeable ? " (forgeable)" : "");
}
