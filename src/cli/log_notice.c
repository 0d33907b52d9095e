#include "cli/log_notice.h"

#include "base/clean.h"
#include "base/label.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/cli.h"
#include "cli/when.h"
#include "cli/wrap.h"

#include <inttypes.h>

static const char *const kinds[] = {
	[SC_NOTICE_LOAD] = "policy-load",
	[SC_NOTICE_STATUS] = "enforcing",
	[SC_NOTICE_BOOLEAN] = "boolean",
	[SC_NOTICE_ERROR] = "error",
};

/* --- for people -------------------------------------------------------- */

static bool is_on(struct sc_str v)
{
	return !sc_str_eq(v, SC_STR("0"));
}

/* " WORD VALUE", unless there is none. */
static void put_part(struct sc_buf *out, const char *word, struct sc_str v)
{
	if (!v.n)
		return;
	sc_putf(out, "%s", word);
	sc_put_name(out, v);
}

void sc_put_fault(struct sc_buf *out, const struct sc_notice *n)
{
	if (n->from_user)
		sc_put(out, SC_STR("(told by a program) "));
	if (!n->op.n) {
		sc_put_safe(out, sc_str_trim(n->text));
		return;
	}
	sc_put_safe(out, n->op);
	put_part(out, ": ", sc_label_type(n->source));
	put_part(out, " -> ", sc_label_type(n->target));
	put_part(out, " : ", n->tclass);
	if (n->perms.n) {
		sc_put(out, SC_STR(" { "));
		sc_put_safe(out, n->perms);
		sc_put(out, SC_STR(" }"));
	}
	put_part(out, ", context ", n->context);
}

static void put_what(struct sc_buf *out, const struct sc_notice *n)
{
	switch (n->kind) {
	case SC_NOTICE_LOAD:
		sc_putf(out, "policy %sloaded", n->refused ? "not " : "");
		break;
	case SC_NOTICE_STATUS:
		sc_putf(out, "SELinux is %s",
			is_on(n->after) ? "enforcing" : "permissive");
		break;
	case SC_NOTICE_BOOLEAN:
		sc_put(out, SC_STR("boolean "));
		sc_put_name(out, n->name);
		sc_putf(out, " %s", is_on(n->after) ? "on" : "off");
		break;
	case SC_NOTICE_ERROR:
	default:
		sc_put(out, SC_STR("error "));
		sc_put_fault(out, n);
		break;
	}
	if (n->before.n && is_on(n->before) == is_on(n->after))
		sc_put(out, SC_STR(" (as before)"));
}

void sc_log_notice(struct sc_buf *out, const struct sc_event *e,
		   const struct sc_notice *n, bool colour)
{
	struct sc_str program = e->exe.n ? e->exe : e->comm;

	sc_putf(out, "%s", sc_colour(colour, SC_DIM));
	sc_when_put_event(out, e->stamp.ms);
	sc_putf(out, "%s ", sc_colour(colour, SC_PLAIN));
	if (program.n) {
		sc_put_name(out, program);
		sc_put(out, SC_STR(" "));
	}
	put_what(out, n);
	sc_put(out, SC_STR("\n"));
}

void sc_log_fault(struct sc_buf *out, const struct sc_fault *f, int width)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	char count[24];

	sc_put(&text, SC_STR("error "));
	sc_put_fault(&text, &f->notice);
	put_part(&text, ", by ", f->program);
	sc_putf(&text, f->last_ms ? ", last " : ", at no known time");
	if (f->last_ms)
		sc_when_show(&text, f->last_ms, false);
	snprintf(count, sizeof(count), "%*" PRIu64, width, f->count);
	sc_put_field(out, count, (size_t)width + 2,
		     (struct sc_str){ text.s, text.n });
	out->failed |= text.failed;
}

/* --- for programs ------------------------------------------------------ */

static void put_notice(struct sc_buf *out, const struct sc_notice *n)
{
	sc_member_present(out, "op", n->op);
	sc_member_present(out, "scontext", n->source);
	sc_member_present(out, "tcontext", n->target);
	sc_member_present(out, "context", n->context);
	sc_member_present(out, "class", n->tclass);
	sc_member_present(out, "perms", n->perms);
	sc_member_present(out, "boolean", n->name);
	sc_member_present(out, "before", n->before);
	sc_member_present(out, "after", n->after);
	if (n->kind == SC_NOTICE_ERROR && !n->op.n)
		sc_member_present(out, "text", n->text);
	sc_member_bool(out, "refused", n->refused);
	sc_member_bool(out, "from_user", n->from_user);
}

void sc_log_notice_json(struct sc_buf *out, const struct sc_event *e,
			const struct sc_notice *n)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"%s\"", kinds[n->kind]);
	sc_when_member(out, "time", e->stamp.ms, true);
	if (e->stamp.serial)
		sc_putf(out, ",\"serial\":%" PRIu64, e->stamp.serial);
	sc_member_present(out, "node", e->node);
	put_notice(out, n);
	sc_member_present(out, "comm", e->comm);
	sc_member_present(out, "exe", e->exe);
	sc_member_present(out, "pid", e->pid);
	sc_put(out, SC_STR("}\n"));
}

void sc_log_fault_json(struct sc_buf *out, const struct sc_fault *f)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"error\",\"count\":%" PRIu64,
		f->count);
	sc_when_member(out, "first", f->first_ms, true);
	sc_when_member(out, "last", f->last_ms, true);
	put_notice(out, &f->notice);
	sc_member_present(out, "program", f->program);
	sc_put(out, SC_STR("}\n"));
}
