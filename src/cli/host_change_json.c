#include "base/clean.h"
#include "base/diff.h"
#include "base/member.h"
#include "base/safe.h"
#include "cli/host_change.h"

/* Mode, owner and a digest of all that the file is. */
static int put_state(struct sc_buf *out, const char *name,
		     const struct sc_file *f, struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str digest;
	int r = sc_file_digest(f, &a, &digest, err);

	if (r < 0)
		return r;
	if (!f->there) {
		sc_putf(out, ",\"%s\":null", name);
		return 0;
	}
	sc_putf(out, ",\"%s\":{\"mode\":\"%04o\"", name, f->mode);
	sc_member_number(out, "uid", f->uid);
	sc_member_number(out, "gid", f->gid);
	sc_member_text(out, "digest", digest);
	sc_put(out, SC_STR("}"));
	return 0;
}

static int put_file(struct sc_buf *out, const struct sc_file_change *f,
		    struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r;

	sc_put(out, SC_STR("{\"path\":"));
	sc_put_json(out, f->path);
	r = put_state(out, "before", &f->before, err);
	if (r == 0)
		r = put_state(out, "after", &f->after, err);
	if (r == 0 && !sc_str_eq(f->before.bytes, f->after.bytes)) {
		r = sc_diff_put(&text, "", f->before.bytes, f->after.bytes,
				err);
		sc_member_text(out, "diff", (struct sc_str){ text.s, text.n });
	}
	sc_put(out, SC_STR("}"));
	return r;
}

static void put_command(struct sc_buf *out, const struct sc_command_line *c)
{
	if (c->unit.n) {
		sc_put(out, SC_STR("{\"restart\":"));
		sc_put_json(out, c->unit);
	} else {
		sc_put(out, SC_STR("{\"run\":["));
		for (size_t i = 0; c->argv[i]; i++) {
			sc_put(out, i ? SC_STR(",") : SC_STR(""));
			sc_put_json(out, sc_view(c->argv[i]));
		}
		sc_put(out, SC_STR("]"));
	}
	sc_put(out, SC_STR("}"));
}

static int put_step(struct sc_buf *out, const struct sc_cure_step *s,
		    bool notes, struct sc_error *err)
{
	int r = 0;

	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"step\""));
	sc_member_text(out, "risk", sc_view(sc_risk_name(s->risk)));
	sc_member_text(out, "title", s->title);
	sc_member_list(out, "checks", s->checks.v, s->checks.n);
	sc_put(out, SC_STR(",\"files\":["));
	for (size_t i = 0; r == 0 && i < s->step.files.n; i++) {
		sc_put(out, i ? SC_STR(",") : SC_STR(""));
		r = put_file(out, &s->step.files.v[i], err);
	}
	sc_put(out, SC_STR("],\"commands\":["));
	for (size_t i = 0; i < s->step.commands.n; i++) {
		sc_put(out, i ? SC_STR(",") : SC_STR(""));
		put_command(out, &s->step.commands.v[i]);
	}
	sc_put(out, SC_STR("]"));
	sc_member_bool(out, "boot", s->boot);
	sc_member_bool(out, "relabels", s->relabels);
	sc_member_bool(out, "containers", s->containers);
	if (notes)
		sc_member_list(out, "notes", s->notes.v, s->notes.n);
	sc_put(out, SC_STR("}\n"));
	return r;
}

int sc_host_put_steps_json(const struct sc_host_work *w, bool notes,
			   struct sc_buf *out, struct sc_error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < w->plan.steps.n; i++)
		r = put_step(out, &w->plan.steps.v[i], notes, err);
	return r < 0 ? r : sc_buf_check(out, err);
}

int sc_host_put_plan_json(const struct sc_host_work *w,
			  const struct sc_host_ask *ask, struct sc_buf *out,
			  struct sc_error *err)
{
	int r;

	sc_put(out, SC_STR("{\"v\":1,\"kind\":\"plan\""));
	sc_member_text(out, "digest", sc_view(w->digest));
	sc_member_present(out, "profile",
			  sc_view(ask->profiles ? ask->profiles : ""));
	if (w->only.n)
		sc_member_list(out, "only", w->only.v, w->only.n);
	sc_member_number(out, "steps", w->plan.steps.n);
	sc_member_number(out, "left", w->plan.left.n);
	sc_put(out, SC_STR("}\n"));
	r = sc_host_put_steps_json(w, true, out, err);
	for (size_t i = 0; r == 0 && i < w->plan.left.n; i++) {
		sc_put(out, SC_STR("{\"v\":1,\"kind\":\"left\""));
		sc_member_text(out, "check", w->plan.left.v[i].check);
		sc_member_text(out, "why", w->plan.left.v[i].why);
		sc_put(out, SC_STR("}\n"));
	}
	return r < 0 ? r : sc_buf_check(out, err);
}
