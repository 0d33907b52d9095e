#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/mode.h"
#include "cli/when.h"
#include "cli/wrap.h"

void sc_mode_put_time(struct sc_buf *out, uint64_t seconds)
{
	sc_when_show(out, seconds * 1000, false);
}

void sc_mode_put_plan(const struct sc_plan *plan, bool json, struct sc_buf *out)
{
	if (!json) {
		sc_putf(out, "plan for the running kernel\n");
		sc_plan_show(plan, out);
		return;
	}
	for (size_t i = 0; i < plan->n; i++) {
		sc_putf(out, "{\"v\":1,\"kind\":\"step\"");
		sc_member_number(out, "number", i + 1);
		sc_member_text(out, "title", sc_view(plan->v[i].title));
		sc_putf(out, "}\n");
	}
}

struct view {
	struct sc_arena arena;
	struct sc_kernel kernel;
	struct sc_running running;
	struct sc_ledger ledger;
	struct sc_str boot;
	struct sc_names permissive;
	struct sc_respite_pasts pasts;
	bool enforcing;
};

static void view_free(struct view *v)
{
	sc_running_close(&v->running);
	sc_kernel_close(&v->kernel);
	sc_ledger_close(&v->ledger);
	sc_arena_free(&v->arena);
}

static int read_all(struct view *v, struct sc_error *err)
{
	int r = sc_kernel_open(&v->kernel, err);

	if (r == 0)
		r = sc_kernel_boot(&v->arena, &v->boot, err);
	if (r == 0)
		r = sc_running_open(SC_RUNNING_DIR, false, &v->kernel,
				    &v->arena, &v->running, err);
	if (r == 0)
		r = sc_policy_permissive(v->running.policy, &v->arena,
					 &v->permissive, err);
	if (r == 0)
		r = sc_ledger_open(SC_LEDGER_DIR, false, &v->arena, &v->ledger,
				   err);
	return r == 0 ? sc_respite_open_ones(&v->ledger, &v->arena, &v->pasts,
					     err)
		      : r;
}

/* ---- text */

static void put_domain(const struct view *v, struct sc_str domain,
		       const char *mode, struct sc_buf *out)
{
	const struct sc_respite *r = sc_running_find(&v->running, domain);

	sc_putf(out, "  ");
	sc_put_safe(out, domain);
	if (strcmp(mode, "enforcing") == 0)
		sc_putf(out, "  is enforcing, but heard");
	if (!r) {
		sc_putf(out, "  by the loaded policy, without an end\n");
		return;
	}
	sc_putf(out, "  until ");
	sc_mode_put_time(out, r->until);
	sc_putf(out, ", since ");
	sc_mode_put_time(out, r->since);
	sc_putf(out, ", by user %u%s\n", r->user,
		r->what.flags & SC_RELAX_AUDIT
			? "; what dontaudit hides is logged"
			: "");
}

static bool is_over(const struct view *v, const struct sc_respite_past *p)
{
	return !sc_str_eq(p->boot, v->boot) ||
	       !sc_running_find(&v->running, p->domain);
}

static const char *why_over(const struct view *v,
			    const struct sc_respite_past *p)
{
	return sc_str_eq(p->boot, v->boot) ? "policy" : "reboot";
}

static void put_past(const struct view *v, const struct sc_respite_past *p,
		     struct sc_buf *out)
{
	sc_putf(out, "  ");
	sc_put_safe(out, p->domain);
	sc_putf(out, "  no more, since ");
	sc_put_safe(out, p->time);
	sc_putf(out, " it was: %s ended it\n",
		sc_str_eq(p->boot, v->boot) ? "another policy" : "a reboot");
}

/* Domains that enforce, and whose dontaudit rules do not hold: @put for each.
 */
static void put_heard(const struct view *v,
		      void (*put)(const struct view *v, struct sc_str domain,
				  const char *mode, struct sc_buf *out),
		      struct sc_buf *out)
{
	for (size_t i = 0; i < v->running.list.n; i++)
		if (!(v->running.list.v[i].what.flags & SC_RELAX_PERMISSIVE))
			put(v, v->running.list.v[i].what.domain, "enforcing",
			    out);
}

static void put_text(const struct view *v, struct sc_buf *out)
{
	bool titled = v->permissive.n != 0;

	sc_putf(out, "%s\n", v->enforcing ? "enforcing" : "permissive");
	for (size_t i = 0; i < v->pasts.n; i++)
		titled = titled || is_over(v, &v->pasts.v[i]);
	if (titled)
		sc_putf(out, "permissive domains:\n");
	for (size_t i = 0; i < v->permissive.n; i++)
		put_domain(v, v->permissive.v[i], "permissive", out);
	for (size_t i = 0; i < v->pasts.n; i++)
		if (is_over(v, &v->pasts.v[i]))
			put_past(v, &v->pasts.v[i], out);
	put_heard(v, put_domain, out);
}

/* ---- JSON */

static void put_domain_json(const struct view *v, struct sc_str domain,
			    const char *mode, struct sc_buf *out)
{
	const struct sc_respite *r = sc_running_find(&v->running, domain);

	sc_putf(out, "{\"v\":1,\"kind\":\"domain\"");
	sc_member_text(out, "domain", domain);
	sc_member_text(out, "mode", sc_view(mode));
	sc_member_text(out, "by", r ? SC_STR("selcage") : SC_STR("policy"));
	if (r) {
		sc_when_member(out, "since", r->since * 1000, false);
		sc_when_member(out, "until", r->until * 1000, false);
		sc_member_number(out, "user", r->user);
		sc_member_bool(out, "dontaudit",
			       !(r->what.flags & SC_RELAX_AUDIT));
	}
	sc_putf(out, "}\n");
}

static void put_past_json(const struct view *v, const struct sc_respite_past *p,
			  struct sc_buf *out)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"domain\"");
	sc_member_text(out, "domain", p->domain);
	sc_member_text(out, "mode", SC_STR("enforcing"));
	sc_member_text(out, "by", SC_STR("selcage"));
	sc_member_text(out, "since", p->time);
	sc_member_text(out, "ended", sc_view(why_over(v, p)));
	sc_putf(out, "}\n");
}

static void put_json(const struct view *v, struct sc_buf *out)
{
	sc_putf(out, "{\"v\":1,\"kind\":\"mode\",\"mode\":\"%s\"}\n",
		v->enforcing ? "enforcing" : "permissive");
	for (size_t i = 0; i < v->permissive.n; i++)
		put_domain_json(v, v->permissive.v[i], "permissive", out);
	put_heard(v, put_domain_json, out);
	for (size_t i = 0; i < v->pasts.n; i++)
		if (is_over(v, &v->pasts.v[i]))
			put_past_json(v, &v->pasts.v[i], out);
}

int sc_mode_show(const struct sc_mode_options *o, FILE *out,
		 struct sc_error *err)
{
	SC_CLEAN(view_free)
	struct view v = { .running = { .lock = -1 },
			  .ledger = { .journal = -1, .lock = -1 } };
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r = sc_kernel_enforces(err);

	if (r < 0)
		return r;
	v.enforcing = r == 1;
	/* the mode is for everyone to see, the rest for those who may */
	if (read_all(&v, err) < 0) {
		fprintf(stderr,
			"selcage: permissive domains are not known: "
			"%s\n",
			err->msg);
		v.permissive.n = v.pasts.n = 0;
	}
	(o->json ? put_json : put_text)(&v, &text);
	r = sc_print(&text, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}
