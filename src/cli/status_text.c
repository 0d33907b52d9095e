#include "cli/status.h"

#include "base/clean.h"
#include "base/label.h"
#include "base/safe.h"
#include "cli/wrap.h"

#define INDENT 13 /* of what stands beside a name */
#define NAMES_MAX 6
#define SHORT_ID ((size_t)12)

/* One line of the report: a name, and text that is being written. */
struct line {
	struct sc_buf *out;
	struct sc_buf text;
	bool colour;
};

static void put(struct line *l, enum sc_colour c, const char *text)
{
	if (c == SC_PLAIN)
		sc_putf(&l->text, "%s", text);
	else
		sc_putf(&l->text, "%s%s%s", sc_colour(l->colour, c), text,
			sc_colour(l->colour, SC_PLAIN));
}

static void put_plain(struct line *l, const char *text)
{
	put(l, SC_PLAIN, text);
}

static void put_number(struct line *l, uint64_t n)
{
	sc_put_number(&l->text, n);
}

/* From outside. */
static void put_safe(struct line *l, struct sc_str v)
{
	sc_put_safe(&l->text, v);
}

static void end(struct line *l, const char *label)
{
	sc_put_field(l->out, label, INDENT,
		     (struct sc_str){ l->text.s, l->text.n });
	l->out->failed |= l->text.failed;
	l->text.n = 0;
}

/* ---- as sestatus tells it */

static void put_mode(struct line *l, const struct sc_status *s)
{
	enum sc_mode mode = s->config.mode;

	if (!s->state.mounted)
		put(l, SC_RED, "off in this kernel");
	else if (!s->state.loaded)
		put(l, SC_RED, "in the kernel, but without a policy");
	else if (s->state.enforcing == SC_ANSWER_YES)
		put(l, SC_GREEN, "enforcing");
	else if (s->state.enforcing == SC_ANSWER_NO)
		put(l, SC_RED, "permissive");
	else
		put(l, SC_YELLOW, "on; its mode could not be read");
	if (s->config_trouble.n) {
		put_plain(l, "; ");
		put_safe(l, s->config_trouble);
	} else if (!s->config_there) {
		put_plain(l, "; there is no /etc/selinux/config");
	} else {
		put_plain(l, "; the config says ");
		put(l, mode == SC_MODE_ENFORCING ? SC_GREEN : SC_YELLOW,
		    sc_mode_name(mode));
	}
	end(l, "SELinux");
}

static const char *unknown_word(const struct sc_status *s,
				const struct sc_policy_look *p)
{
	if (s->state.reject_unknown == SC_ANSWER_YES)
		return "rejected";
	if (s->state.deny_unknown == SC_ANSWER_YES)
		return "denied";
	if (s->state.deny_unknown == SC_ANSWER_NO)
		return "allowed";
	if (!p)
		return NULL;
	return p->facts.unknown == SC_UNKNOWN_ALLOW  ? "allowed"
	       : p->facts.unknown == SC_UNKNOWN_DENY ? "denied"
						     : "rejected";
}

static void put_facts(struct line *l, const struct sc_status *s)
{
	const struct sc_policy_look *p = s->running.read     ? &s->running
					 : s->installed.read ? &s->installed
							     : NULL;
	const char *unknown = unknown_word(s, p);
	enum sc_answer mls = s->state.mls;

	if (p && mls == SC_ANSWER_UNKNOWN)
		mls = p->facts.mls ? SC_ANSWER_YES : SC_ANSWER_NO;
	if (p)
		sc_putf(&l->text, ", version %u", p->facts.version);
	if (mls != SC_ANSWER_UNKNOWN)
		put_plain(l, mls == SC_ANSWER_YES ? ", MLS" : ", no MLS");
	if (unknown)
		sc_putf(&l->text, ", unknown permissions %s", unknown);
	if (p) {
		put_plain(l, "; ");
		put_number(l, p->facts.types);
		put_plain(l, " types, ");
		put_number(l, p->facts.rules);
		put_plain(l, " rules");
	}
	if (!s->running.read && s->installed.read)
		put_plain(l, " (as installed)");
}

static void put_policy(struct line *l, const struct sc_status *s)
{
	put_safe(l, s->policy_name);
	if (s->policy_there) {
		put_plain(l, " (/etc/selinux/");
		put_safe(l, s->policy_name);
		put_plain(l, ")");
	} else {
		put(l, SC_YELLOW, " is not installed");
	}
	put_facts(l, s);
	end(l, "policy");
	if (s->state.mounted && !s->running.read && s->running.trouble.n) {
		put(l, SC_YELLOW, "the kernel's own could not be read: ");
		put_safe(l, s->running.trouble);
		end(l, "");
	}
	if (s->policy_there && !s->installed.read) {
		put(l, SC_YELLOW, "the installed one could not be read: ");
		put_safe(l, s->installed.trouble);
		end(l, "");
	}
}

static void put_kernel(struct line *l, const struct sc_status *s)
{
	if (!s->state.mounted)
		return;
	put_safe(l, s->state.mount);
	if (s->state.version >= 0)
		sc_putf(&l->text, ", takes policies up to version %d",
			s->state.version);
	if (s->state.checks_requested == SC_ANSWER_NO)
		put_plain(l,
			  "; memory protection is checked as it is (secure)");
	else if (s->state.checks_requested == SC_ANSWER_YES)
		put(l, SC_YELLOW,
		    "; memory protection is checked as requested (insecure)");
	end(l, "kernel");
}

/* ---- and more */

static void put_list(struct line *l, enum sc_colour c,
		     const struct sc_names *names)
{
	for (size_t i = 0; i < names->n && i < NAMES_MAX; i++) {
		put_plain(l, i ? ", " : "");
		sc_putf(&l->text, "%s", sc_colour(l->colour, c));
		put_safe(l, names->v[i]);
		sc_putf(&l->text, "%s", sc_colour(l->colour, SC_PLAIN));
	}
	if (names->n > NAMES_MAX)
		sc_putf(&l->text, " and %zu more", names->n - NAMES_MAX);
}

static void put_permissive(struct line *l, const struct sc_status *s)
{
	const struct sc_policy_look *kernel = &s->running;
	const struct sc_policy_look *disk = &s->installed;

	if (!kernel->read && !disk->read)
		return;
	if (kernel->read && !kernel->facts.permissive.n)
		put(l, SC_GREEN, "no domain");
	else if (kernel->read)
		put_list(l, SC_RED, &kernel->facts.permissive);
	if (disk->read) {
		put_plain(l, kernel->read ? "; as installed: " : "");
		if (disk->facts.permissive.n)
			put_list(l, SC_YELLOW, &disk->facts.permissive);
		else
			put_plain(l, kernel->read ? "none" : "no domain");
		put_plain(l, kernel->read ? "" : " (as installed)");
	}
	end(l, "permissive");
}

static void put_dontaudit(struct line *l, const struct sc_status *s)
{
	const struct sc_policy_look *p = s->running.read     ? &s->running
					 : s->installed.read ? &s->installed
							     : NULL;

	if (!p)
		return;
	if (p->facts.dontaudits) {
		put_number(l, p->facts.dontaudits);
		put_plain(l, " rules keep denials out of the log; semodule -DB "
			     "shows them all, semodule -B hides them again");
	} else {
		put(l, SC_YELLOW, "off");
		put_plain(l, ": every denial is logged; semodule -B hides what "
			     "is noise");
	}
	end(l, "dontaudit");
}

static void put_boolean(struct line *l, const struct sc_switch_now *b)
{
	struct sc_str weight = { 0 }, opens = { 0 };
	enum sc_colour c;

	if (b->now == SC_ANSWER_UNKNOWN)
		return;
	opens = sc_boolean_opens(b->name, b->now == SC_ANSWER_YES, &weight);
	if (!opens.n)
		return;
	c = sc_str_eq(weight, SC_STR("act"))    ? SC_RED
	    : sc_str_eq(weight, SC_STR("note")) ? SC_YELLOW
						: SC_PLAIN;
	put_plain(l, l->text.n ? "; " : "");
	sc_putf(&l->text, "%s", c == SC_PLAIN ? "" : sc_colour(l->colour, c));
	put_safe(l, b->name);
	sc_putf(&l->text, "%s%s: " SC_FMT,
		c == SC_PLAIN ? "" : sc_colour(l->colour, SC_PLAIN),
		b->now == SC_ANSWER_YES ? "" : " (off)", SC_ARG(opens));
}

static void put_booleans(struct line *l, const struct sc_status *s)
{
	if (!s->state.mounted)
		return;
	for (size_t i = 0; i < s->state.switches.n; i++)
		put_boolean(l, &s->state.switches.v[i]);
	if (!s->state.switches_read)
		put(l, SC_YELLOW, "could not be read");
	else if (!l->text.n)
		sc_putf(&l->text, "none of %zu opens containers",
			s->state.switches.n);
	end(l, "booleans");
}

static void put_engine(struct line *l, const struct sc_engine *e)
{
	put_safe(l, e->name);
	if (e->trouble.n) {
		put(l, SC_YELLOW, " cannot be told: ");
		put_safe(l, e->trouble);
	} else if (e->labels == SC_ANSWER_YES) {
		put(l, SC_GREEN, " labels");
	} else if (e->labels == SC_ANSWER_NO) {
		put(l, SC_RED, " does not label");
	}
	if (e->where.n) {
		put_plain(l, " (");
		put_safe(l, e->where);
		put_plain(l, ")");
	}
	if (e->daemon)
		sc_putf(&l->text, ", runs as %llu",
			(unsigned long long)e->daemon);
}

static void put_engines(struct line *l, const struct sc_status *s)
{
	for (size_t i = 0; i < s->engines.n; i++) {
		put_engine(l, &s->engines.v[i]);
		end(l, i ? "" : "engines");
	}
	if (!s->engines.n) {
		put_plain(l, "none found");
		end(l, "engines");
	}
	if (s->units_unread) {
		sc_putf(&l->text, "%zu units of systemd could not be read",
			s->units_unread);
		end(l, "");
	}
}

static size_t count(const struct sc_status *s, enum sc_answer answer)
{
	size_t n = 0;

	for (size_t i = 0; i < s->processes.containers.n; i++)
		n += s->confined[i].confined == answer;
	return n;
}

static void put_containers(struct line *l, const struct sc_status *s)
{
	size_t open = count(s, SC_ANSWER_NO);
	size_t unsure = count(s, SC_ANSWER_UNKNOWN);

	if (s->processes_trouble.n) {
		put_safe(l, s->processes_trouble);
	} else if (!s->processes.containers.n) {
		put_plain(l, "none runs");
	} else {
		sc_putf(&l->text, "%zu run%s", s->processes.containers.n,
			s->processes.containers.n == 1 ? "s" : "");
		if (!s->state.mounted)
			put_plain(l, ", without labels");
		else if (!open && !unsure)
			put(l, SC_GREEN, ", confined");
		if (s->state.mounted && open) {
			sc_putf(&l->text, ", %s%zu not confined%s",
				sc_colour(l->colour, SC_RED), open,
				sc_colour(l->colour, SC_PLAIN));
		}
		if (s->state.mounted && unsure)
			sc_putf(&l->text, ", %zu of which we cannot tell",
				unsure);
	}
	if (s->processes.cut)
		put(l, SC_YELLOW, "; there are more processes than we read");
	end(l, "containers");
}

static void put_modules(struct line *l, const struct sc_status *s)
{
	if (s->store_trouble.n && !s->modules.n) {
		put_safe(l, s->store_trouble);
	} else if (!s->modules.n) {
		put_plain(l, "selcage loaded none");
	} else {
		sc_putf(&l->text, "%zu of selcage's: ", s->modules.n);
		for (size_t i = 0; i < s->modules.n && i < NAMES_MAX; i++) {
			put_plain(l, i ? ", " : "");
			put_safe(l, s->modules.v[i].name);
		}
		if (s->modules.n > NAMES_MAX)
			sc_putf(&l->text, " and %zu more",
				s->modules.n - NAMES_MAX);
	}
	end(l, "modules");
}

static void put_denials(struct line *l, const struct sc_status_report *r)
{
	if (r->s->log_trouble.n) {
		if (r->denials)
			put_number(l, r->denials);
		put(l, SC_YELLOW,
		    r->denials ? ", as far as could be read: "
			       : "not counted: ");
		put_safe(l, r->s->log_trouble);
	} else if (!r->denials) {
		put_plain(l, r->whole_log ? "none in the log"
					  : "none since the boot");
	} else {
		put_number(l, r->denials);
		put_plain(l,
			  r->whole_log ? " in the log, " : " since the boot, ");
		put_number(l, r->different);
		put_plain(l, " different: selcage explain");
		put_plain(l, r->whole_log ? "" : " --since boot");
	}
	end(l, "denials");
}

/* ---- lists */

static void put_open(struct line *l, const struct sc_status *s, size_t i)
{
	const struct sc_host_container *c = &s->processes.containers.v[i];
	const struct sc_process *p = s->confined[i].by;
	struct sc_str id = c->id, type, means;

	id.n = id.n > SHORT_ID ? SHORT_ID : id.n;
	type = sc_label_type(p->label);
	means = sc_domain_means(type);
	put_safe(l, c->engine);
	put_plain(l, " ");
	put_safe(l, c->name.n ? c->name : id);
	put_plain(l, ": ");
	put_safe(l, p->comm);
	sc_putf(&l->text, " (%llu) is ", (unsigned long long)p->pid);
	sc_putf(&l->text, "%s", sc_colour(l->colour, SC_RED));
	put_safe(l, type.n ? type : SC_STR("without a label"));
	sc_putf(&l->text, "%s", sc_colour(l->colour, SC_PLAIN));
	if (means.n)
		sc_putf(&l->text, ": " SC_FMT, SC_ARG(means));
	end(l, "");
}

static void put_open_containers(struct line *l, const struct sc_status *s)
{
	for (size_t i = 0; s->state.mounted && i < s->processes.containers.n;
	     i++)
		if (s->confined[i].confined != SC_ANSWER_YES)
			put_open(l, s, i);
}

static void put_contexts(struct sc_buf *out,
			 const struct sc_shown_contexts *list)
{
	sc_put(out, SC_STR("\ncontexts\n"));
	for (size_t i = 0; i < list->n; i++) {
		const struct sc_shown_context *c = &list->v[i];

		sc_putf(out, "  %-18.*s ", SC_ARG(c->name));
		if (c->link.n) {
			sc_put_safe(out, c->link);
			sc_put(out, SC_STR(" -> "));
		}
		sc_put_safe(out, c->context);
		sc_put(out, SC_STR("\n"));
	}
	if (!list->n)
		sc_put(out, SC_STR("  none could be read\n"));
}

static void put_all_booleans(struct sc_buf *out, const struct sc_status *s)
{
	sc_put(out, SC_STR("\nbooleans\n"));
	for (size_t i = 0; i < s->state.switches.n; i++) {
		const struct sc_switch_now *b = &s->state.switches.v[i];

		sc_putf(out, "  %-45.*s %s%s\n", SC_ARG(b->name),
			b->now == SC_ANSWER_YES  ? "on"
			: b->now == SC_ANSWER_NO ? "off"
						 : "?",
			b->now == b->pending          ? ""
			: b->pending == SC_ANSWER_YES ? ", on when committed"
						      : ", off when committed");
	}
	if (!s->state.switches.n)
		sc_put(out, SC_STR("  none could be read\n"));
}

/* ---- findings */

static void put_words(struct sc_buf *out, const char *label, struct sc_str text)
{
	SC_CLEAN(sc_buf_free) struct sc_buf safe = { 0 };

	if (!text.n)
		return;
	sc_put_safe(&safe, text);
	sc_put_field(out, label, 8, (struct sc_str){ safe.s, safe.n });
	out->failed |= safe.failed;
}

static void put_finding(struct sc_buf *out, const struct sc_finding *f,
			bool colour)
{
	SC_CLEAN(sc_buf_free) struct sc_buf head = { 0 };
	struct sc_str id = f->id;

	(void)sc_take_prefix(&id, SC_STR("status/"));
	sc_putf(&head, "%s%.*s%s  " SC_FMT "\n",
		sc_colour(colour, f->blocks ? SC_RED : SC_YELLOW), SC_ARG(id),
		sc_colour(colour, SC_PLAIN), SC_ARG(f->text));
	sc_put(out, SC_STR("\n"));
	sc_put_wrapped(out, (struct sc_str){ head.s, head.n }, 8);
	out->failed |= head.failed;
	put_words(out, "  seen", f->where);
	put_words(out, "  do", f->todo);
	/* In one line, however long, so that it can be copied. */
	if (f->command.n)
		sc_putf(out, "        $ " SC_FMT "\n", SC_ARG(f->command));
}

static void put_findings(struct sc_buf *out, const struct sc_findings *list,
			 bool colour)
{
	size_t acts = 0;

	for (size_t i = 0; i < list->n; i++)
		acts += list->v[i].blocks;
	sc_put(out, SC_STR("\n"));
	if (!list->n)
		sc_put(out, SC_STR("nothing is to be seen to\n"));
	else
		sc_putf(out, "%zu to be seen to, %zu to be known%s\n", acts,
			list->n - acts, list->n ? ":" : "");
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < list->n; i++)
			if (list->v[i].blocks == (pass == 0))
				put_finding(out, &list->v[i], colour);
}

void sc_status_text(const struct sc_status_report *r,
		    const struct sc_status_show *show, struct sc_buf *out)
{
	struct line l = { .out = out, .colour = show->colour };

	put_mode(&l, r->s);
	put_policy(&l, r->s);
	put_kernel(&l, r->s);
	put_permissive(&l, r->s);
	put_dontaudit(&l, r->s);
	put_booleans(&l, r->s);
	put_engines(&l, r->s);
	put_containers(&l, r->s);
	put_open_containers(&l, r->s);
	put_modules(&l, r->s);
	put_denials(&l, r);
	if (show->contexts)
		put_contexts(out, &r->contexts);
	if (show->booleans)
		put_all_booleans(out, r->s);
	put_findings(out, &r->findings, show->colour);
	sc_buf_free(&l.text);
}
