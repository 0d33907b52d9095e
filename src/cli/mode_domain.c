#include "base/clean.h"
#include "base/member.h"
#include "base/safe.h"
#include "base/vec.h"
#include "cli/ask.h"
#include "cli/mode.h"
#include "cli/program.h"
#include "cli/span.h"
#include "cli/when.h"
#include "cli/wrap.h"

#include <limits.h>
#include <time.h>

#define DEFAULT_SECONDS ((uint64_t)30 * 60)
#define MAX_SECONDS ((uint64_t)24 * 60 * 60)
#define LOGIN "/proc/self/loginuid"
#define NO_USER UINT32_MAX

/* All that is open while a domain's mode is changed. */
struct work {
	const struct sc_mode_options *o;
	struct sc_arena arena;
	struct sc_kernel kernel;
	struct sc_running running;
	struct sc_ledger ledger;
	bool has_ledger;
	struct sc_str boot;
	struct sc_str domain;
	struct sc_names permissive; /* in the kernel's policy */
	struct sc_respite_step step;
	char program[PATH_MAX];
	const char *command[7]; /* that the timer runs */
};

#define WORK_EMPTY                                     \
	{                                              \
		.running = { .lock = -1 }, .ledger = { \
			.journal = -1,                 \
			.lock = -1                     \
		}                                      \
	}

static void work_free(struct work *w)
{
	sc_running_close(&w->running);
	sc_kernel_close(&w->kernel);
	sc_ledger_close(&w->ledger);
	sc_arena_free(&w->arena);
}

static int flush(struct work *w, struct sc_buf *text, FILE *out,
		 struct sc_error *err)
{
	int r = w->o->quiet ? sc_buf_check(text, err)
			    : sc_print(text, out, err);

	sc_buf_free(text);
	*text = (struct sc_buf){ 0 };
	if (r == 0 && fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	return r;
}

/* ---- how long, who */

static bool is_forever(const char *text)
{
	static const char *const words[] = {
		"forever", "ever", "always", "never", "infinity", "infinite"
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static int too_long(struct sc_error *err)
{
	return sc_fail(err, SC_EREFUSED,
		       "a domain is permissive for 24h at most: one that has "
		       "no end is forgotten, and is not confined at all (what "
		       "must last belongs into its policy: selcage allow)");
}

static int read_time(const char *text, uint64_t *out, struct sc_error *err)
{
	int r;

	*out = DEFAULT_SECONDS;
	if (!text)
		return 0;
	if (is_forever(text))
		return too_long(err);
	r = sc_span_read("--for", text, out, err);
	return r == SC_ELIMIT || (r == 0 && *out > MAX_SECONDS) ? too_long(err)
								: r;
}

/* Who logged in, whatever they became since; else who we are. */
static uint32_t user(void)
{
	FILE *f = fopen(LOGIN, "re");
	char text[16] = "";
	struct sc_str v;
	uint64_t n = 0;

	if (f) {
		if (!fgets(text, sizeof(text), f))
			*text = '\0';
		(void)fclose(f);
	}
	v = sc_view(text);
	return sc_take_u64(&v, &n) && n < NO_USER ? (uint32_t)n : getuid();
}

/* ---- opening */

static int say_ended(const struct work *w, const struct sc_respite_pasts *ended,
		     struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	for (size_t i = 0; i < ended->n; i++) {
		const struct sc_respite_past *p = &ended->v[i];

		sc_putf(&text, "selcage: '");
		sc_put_safe(&text, p->domain);
		sc_putf(&text, "', permissive since ");
		sc_put_safe(&text, p->time);
		sc_putf(&text, ", is so no more: %s\n",
			sc_str_eq(p->boot, w->boot)
				? "another policy was loaded"
				: "the host was booted again");
	}
	if (sc_buf_check(&text, err) < 0)
		return SC_ENOMEM;
	if (text.n && !w->o->quiet)
		fputs(text.s, stderr);
	return 0;
}

/* Making permissive needs the ledger; an end does not hang on it. */
static int open_ledger(struct work *w, bool needed, struct sc_error *err)
{
	struct sc_respite_pasts ended = { 0 };
	int r = sc_ledger_open(SC_LEDGER_DIR, true, &w->arena, &w->ledger, err);

	if (r == 0)
		r = sc_respite_settle(&w->ledger, &w->running, w->boot, &ended,
				      err);
	for (size_t i = 0; i < ended.n; i++)
		sc_respite_stop_timers(&sc_systemd_timers, ended.v[i].domain);
	w->has_ledger = r == 0;
	if (r == 0)
		sc_say_ledger(&w->ledger);
	if (r == 0)
		return say_ended(w, &ended, err);
	if (needed)
		return r;
	fprintf(stderr, "selcage: not noted in the ledger: %s\n", err->msg);
	return 0;
}

static int open_all(struct work *w, bool permissive, struct sc_error *err)
{
	bool write = !w->o->dry_run;
	int r = sc_kernel_open(&w->kernel, err);

	if (r == 0)
		r = sc_kernel_boot(&w->arena, &w->boot, err);
	if (r == 0)
		r = sc_running_open(SC_RUNNING_DIR, write, &w->kernel,
				    &w->arena, &w->running, err);
	if (r == 0 && write)
		r = open_ledger(w, permissive, err);
	if (r == 0)
		r = sc_policy_permissive(w->running.policy, &w->arena,
					 &w->permissive, err);
	return r;
}

/* ---- which domain */

static int find_domain(struct work *w, const char *name, struct sc_error *err)
{
	struct sc_str type = { 0 };
	int r = sc_policy_find_type(w->running.policy, "the kernel's policy",
				    sc_view(name), &type, err);

	if (r < 0)
		return r;
	return sc_keep(&w->arena, type, &w->domain) ? 0 : sc_no_memory(err);
}

static int permissive_at_boot(const struct work *w, struct sc_error *err)
{
	return sc_fail(err, SC_EREFUSED,
		       "'" SC_FMT "' is permissive by the policy that "
		       "the host boots with: take it out of there "
		       "(semanage permissive -d " SC_FMT
		       ", or semodule -r permissive_" SC_FMT ")",
		       SC_ARG(w->domain), SC_ARG(w->domain), SC_ARG(w->domain));
}

static int check_permissive(const struct work *w, struct sc_error *err)
{
	const struct sc_policy *p = w->running.policy;
	struct sc_error ignored;

	if (!sc_policy_may_be_domain(p, w->domain))
		return sc_fail(err, SC_EREFUSED,
			       "'" SC_FMT "' is no domain: no process runs "
			       "with it",
			       SC_ARG(w->domain));
	if (sc_policy_is_in(p, w->domain, SC_STR("unconfined_domain_type")))
		return sc_fail(err, SC_EREFUSED,
			       "'" SC_FMT "' is unconfined: there is nothing "
			       "to be let through",
			       SC_ARG(w->domain));
	if (sc_names_has(&w->permissive, w->domain) &&
	    !sc_running_find(&w->running, w->domain))
		return sc_fail(
			err, SC_EREFUSED,
			"'" SC_FMT "' is permissive by the loaded "
			"policy, and without an end (semanage permissive "
			"-l and semodule -lfull say by which module)",
			SC_ARG(w->domain));
	/* Whether it is so by us or by a load of that, nobody could tell. */
	if (sc_running_boots(&w->running, w->domain, &ignored) > 0)
		return permissive_at_boot(w, err);
	return 0;
}

/* ---- planning */

static int fill_command(struct work *w, struct sc_error *err)
{
	int r = sc_own_program(w->program, err);

	if (r < 0)
		return r;
	w->command[0] = w->program;
	w->command[1] = "mode";
	w->command[2] = "enforcing";
	w->command[3] = w->domain.s;
	w->command[4] = "--quiet";
	w->command[5] = "--timer";
	w->step.command = w->command;
	return 0;
}

static int plan_begin(struct work *w, struct sc_error *err)
{
	struct sc_respite respite = {
		.what = { w->domain, w->o->audit_only ? SC_RELAX_AUDIT
						      : SC_RELAX_PERMISSIVE },
		.since = (uint64_t)time(NULL),
		.user = user(),
	};
	const struct sc_respite *old = sc_running_find(&w->running, w->domain);
	uint64_t seconds = 0;
	int r = read_time(w->o->time, &seconds, err);

	if (r < 0)
		return r;
	respite.until = respite.since + seconds;
	if (w->o->no_dontaudit || (old && (old->what.flags & SC_RELAX_AUDIT)))
		respite.what.flags |= SC_RELAX_AUDIT;
	r = sc_respite_begin(&w->running, w->has_ledger ? &w->ledger : NULL,
			     w->boot, &respite, &w->step, err);
	if (r == 0)
		r = fill_command(w, err);
	return r == 0 ? sc_kernel_lets_init(w->program, err) : r;
}

/* Of one that is not ours: from where does it come? */
static int check_foreign(const struct work *w, struct sc_error *err)
{
	int r = sc_running_boots(&w->running, w->domain, err);

	return r > 0 ? permissive_at_boot(w, err) : r;
}

static int plan_end(struct work *w, struct sc_error *err)
{
	int r = sc_respite_end(&w->running, w->has_ledger ? &w->ledger : NULL,
			       w->boot, w->domain, &w->step, err);

	if (r == 0 && w->step.foreign)
		r = check_foreign(w, err);
	return r;
}

static int title_of(struct work *w, struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	const struct sc_respite *r = w->step.begins;

	if (r) {
		sc_putf(&text,
			r->what.flags & SC_RELAX_PERMISSIVE
				? "make " SC_FMT " permissive until "
				: "log what dontaudit hides of " SC_FMT
				  " until ",
			SC_ARG(w->domain));
		sc_mode_put_time(&text, r->until);
	} else {
		sc_putf(&text, "make " SC_FMT " enforcing", SC_ARG(w->domain));
	}
	if (text.failed ||
	    !sc_keep(&w->arena, (struct sc_str){ text.s, text.n }, out))
		return sc_no_memory(err);
	return 0;
}

static void put_more(const struct work *w, struct sc_buf *out)
{
	const struct sc_respite *r = w->step.begins;

	if (r)
		sc_putf(out,
			"     a timer of systemd ends it, whatever becomes "
			"of selcage\n");
	sc_putf(out,
		"     in the running kernel only: a reboot, or any load "
		"of a policy, ends it%s\n",
		r ? "" : " as well");
	if (r && (r->what.flags & SC_RELAX_AUDIT))
		sc_putf(out, "     its dontaudit rules do not hold: what they "
			     "hide is logged\n");
	if (r && (r->what.flags & SC_RELAX_PERMISSIVE)) {
		sc_put_field(out, "warning", 9,
			     SC_STR("until then SELinux holds nothing back "
				    "that it does, levels (MCS) included: "
				    "only owners and modes of files, "
				    "capabilities and seccomp do"));
	}
}

/* ---- doing */

static void put_result(const struct work *w, struct sc_buf *out)
{
	const struct sc_respite *r = w->step.begins;
	struct sc_buf until = { 0 };

	if (r && w->o->json)
		sc_when_write(&until, r->until * 1000, false);
	else if (r)
		sc_mode_put_time(&until, r->until);
	if (w->o->json) {
		sc_putf(out, "{\"v\":1,\"kind\":\"domain\"");
		sc_member_text(out, "domain", w->domain);
		sc_member_text(out, "mode",
			       r ? SC_STR("permissive") : SC_STR("enforcing"));
		if (r)
			sc_member_text(out, "until",
				       (struct sc_str){ until.s, until.n });
		sc_putf(out, "}\n");
	} else if (r) {
		sc_putf(out,
			"\n" SC_FMT " is permissive until " SC_FMT
			" (selcage mode enforcing " SC_FMT " ends it now)\n",
			SC_ARG(w->domain), (int)until.n, until.s,
			SC_ARG(w->domain));
	} else {
		sc_putf(out, "\n" SC_FMT " is enforcing\n", SC_ARG(w->domain));
	}
	out->failed = out->failed || until.failed;
	sc_buf_free(&until);
}

/* A ledger that cannot be written keeps nothing permissive. */
static int apply(struct work *w, const struct sc_plan *plan,
		 struct sc_error *err)
{
	const struct sc_step *step = plan->v;
	int r = SC_ESYSTEM;

	if (w->has_ledger)
		r = sc_plan_apply(plan, &w->ledger, &w->arena, err);
	if (r == 0 || w->step.begins)
		return r;
	if (w->has_ledger) {
		fprintf(stderr, "selcage: with the ledger: %s\n", err->msg);
		if (step->done(step->data, err) > 0)
			return 0;
	}
	return step->apply(step->data, err);
}

static int perform(struct work *w, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_str title = { 0 };
	struct sc_step step;
	struct sc_plan plan = { &step, 1 };
	int r = title_of(w, &title, err);

	if (r < 0)
		return r;
	step = sc_respite_plan(&w->step, title.s);
	sc_mode_put_plan(&plan, w->o->json, &text);
	if (!w->o->json)
		put_more(w, &text);
	r = flush(w, &text, out, err);
	if (r < 0 || w->o->dry_run)
		return r;
	if (w->step.begins)
		r = sc_ask(w->o->yes, err);
	if (r == 0)
		r = apply(w, &plan, err);
	if (r < 0)
		return r;
	put_result(w, &text);
	r = flush(w, &text, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

static int say_enforcing(struct work *w, FILE *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	int r;

	if (w->o->json)
		put_result(w, &text);
	else
		sc_putf(&text, "nothing to do: " SC_FMT " is enforcing\n",
			SC_ARG(w->domain));
	r = flush(w, &text, out, err);
	return r < 0 ? r : SC_EXIT_CLEAN;
}

static int plan(struct work *w, bool permissive, struct sc_error *err)
{
	int r;

	if (!permissive)
		return plan_end(w, err);
	r = check_permissive(w, err);
	return r == 0 ? plan_begin(w, err) : r;
}

int sc_mode_domain(const struct sc_mode_options *o, bool permissive,
		   const char *domain, FILE *out, struct sc_error *err)
{
	SC_CLEAN(work_free) struct work w = WORK_EMPTY;
	uint64_t seconds;
	int r = 0;

	w.o = o;
	if (!permissive && (o->time || o->no_dontaudit))
		return sc_fail(err, SC_ESYNTAX,
			       "--for and --no-dontaudit are for permissive");
	r = read_time(o->time, &seconds, err);
	if (r == 0)
		r = open_all(&w, permissive, err);
	if (r < 0)
		return r;
	r = find_domain(&w, domain, err);
	if (r == SC_ENOTFOUND && o->timer)
		return SC_EXIT_CLEAN;
	if (r < 0)
		return r;
	if (!permissive && !sc_names_has(&w.permissive, w.domain) &&
	    !sc_running_find(&w.running, w.domain))
		return say_enforcing(&w, out, err);
	r = plan(&w, permissive, err);
	/* what the host boots with is not the timer's to end */
	if (r == SC_EREFUSED && o->timer && w.step.foreign)
		return SC_EXIT_CLEAN;
	return r < 0 ? r : perform(&w, out, err);
}
