#include "audit/form.h"
#include "audit/manager.h"
#include "audit/notice.h"
#include "audit/source.h"
#include "audit/tear.h"
#include "base/clean.h"
#include "base/label.h"
#include "base/table.h"
#include "base/vec.h"
#include "cli/compat.h"
#include "cli/log_set.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <regex.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <time.h>

#define KLOG_READ_ALL 3
#define KLOG_SIZE 10

/* Verdicts kept: a log tells the same again and again. */
#define KEPT_MAX 4096

struct kept {
	struct sc_verdict_question question;
	struct sc_verdict verdict;
	bool used;
};

struct reading {
	const struct sc_compat_options *options;
	const struct sc_compat_reader *reader;
	struct sc_policy *policy;
	struct kept *kept;
	size_t n_kept;
	struct sc_arena verdicts; /* what .kept holds */
	struct sc_arena line;     /* for one line */
	uint64_t since_ms;
	struct sc_str whole; /* the line at hand, with all of its records */
	bool text;           /* the log is one that any process can write to */
	bool has_type;
	regex_t type;
	uint64_t seen;
	uint64_t lost;    /* accesses that name what the policy lacks */
	uint64_t refused; /* records that could not be read */
	uint64_t forged;  /* roles, in logs that any process can write to */
	struct sc_error *err;
};

static void close_reading(struct reading *r)
{
	free(r->kept);
	sc_arena_free(&r->verdicts);
	sc_arena_free(&r->line);
	if (r->has_type)
		regfree(&r->type);
}

/* ---- verdicts, kept */

static bool is_same(const struct sc_verdict_question *a,
		    const struct sc_verdict_question *b)
{
	return sc_str_eq(a->scontext, b->scontext) &&
	       sc_str_eq(a->tcontext, b->tcontext) &&
	       sc_str_eq(a->tclass, b->tclass) && sc_str_eq(a->perms, b->perms);
}

static struct kept *find_kept(struct reading *r,
			      const struct sc_verdict_question *q)
{
	uint64_t h = sc_compat_hash(SC_COMPAT_HASH, q->scontext);
	size_t i;

	h = sc_compat_hash(h, q->tcontext);
	h = sc_compat_hash(h, q->tclass);
	h = sc_compat_hash(h, q->perms);
	for (i = h % KEPT_MAX; r->kept[i].used; i = (i + 1) % KEPT_MAX)
		if (is_same(&r->kept[i].question, q))
			break;
	return &r->kept[i];
}

static int keep_question(struct reading *r, const struct sc_verdict_question *q,
			 struct kept *k)
{
	if (!sc_keep(&r->verdicts, q->scontext, &k->question.scontext) ||
	    !sc_keep(&r->verdicts, q->tcontext, &k->question.tcontext) ||
	    !sc_keep(&r->verdicts, q->tclass, &k->question.tclass) ||
	    !sc_keep(&r->verdicts, q->perms, &k->question.perms))
		return sc_no_memory(r->err);
	k->used = true;
	r->n_kept++;
	return 0;
}

static int judge(struct reading *r, const struct sc_avc *avc,
		 struct sc_verdict *out)
{
	struct sc_verdict_question q = { avc->source, avc->target, avc->tclass,
					 avc->perms };
	struct kept *k;
	int e;

	if (r->n_kept > KEPT_MAX / 2) {
		sc_arena_free(&r->verdicts);
		memset(r->kept, 0, KEPT_MAX * sizeof(*r->kept));
		r->n_kept = 0;
	}
	k = find_kept(r, &q);
	if (!k->used) {
		e = sc_verdict_ask(r->policy, &q, &r->verdicts, &k->verdict,
				   r->err);
		if (e == 0)
			e = keep_question(r, &q, k);
		if (e < 0)
			return e;
	}
	*out = k->verdict;
	return 0;
}

/* ---- lines */

/* As Python's re.match(): at the start, but not up to the end. */
static bool fits(struct reading *r, struct sc_str text)
{
	regmatch_t m = { 0, (regoff_t)text.n };

	return regexec(&r->type, text.s ? text.s : "", 1, &m, REG_STARTEND) ==
		       0 &&
	       m.rm_so == 0;
}

static bool is_wanted(struct reading *r, const struct sc_avc *avc)
{
	return !r->has_type || r->options->why ||
	       fits(r, sc_label_part(avc->source, SC_LABEL_TYPE)) ||
	       fits(r, sc_label_part(avc->target, SC_LABEL_TYPE));
}

/* "audit(1700000000.001:1001):" as it stands in the line. */
static struct sc_str header_of(struct sc_str line)
{
	const char *at = memmem(line.s, line.n, "audit(", 6);
	const char *end;

	if (!at)
		return (struct sc_str){ "", 0 };
	end = memchr(at, ' ', line.n - (size_t)(at - line.s));
	return (struct sc_str){ at, end ? (size_t)(end - at) : 0 };
}

static int take_avc(struct reading *r, struct sc_str line, bool user,
		    struct sc_str body)
{
	struct sc_message m = { .line = r->whole, .header = header_of(line) };
	int e;

	if (!(user ? sc_avc_read_user(body, &m.avc)
		   : sc_avc_read(body, &m.avc))) {
		r->refused += !sc_avc_is_notice(body);
		return 0;
	}
	m.forgeable = (r->text || (user && !sc_manager_of(&m.avc).n)) &&
		      !r->options->trust_syslog;
	if (!is_wanted(r, &m.avc))
		return 0;
	e = judge(r, &m.avc, &m.verdict);
	if (e < 0)
		return e;
	if (m.verdict.kind >= SC_VERDICT_NO_SOURCE) {
		r->lost++;
		return 0;
	}
	if (!sc_value_read(m.avc.comm, &r->line, &m.comm) ||
	    !sc_value_read(m.avc.exe, &r->line, &m.exe))
		return sc_no_memory(r->err);
	return r->reader->message(r->reader->data, &m, r->err);
}

/* The tool of this name reads only the form that kernels had until 2014. What
 * the later one asks for is told of if it can be had. */
static bool can_be_had(const struct reading *r, struct sc_str body,
		       const struct sc_package_role *l)
{
	return !sc_take_prefix(&body, SC_STR("op=")) ||
	       (sc_policy_has(r->policy, SC_NAME_ROLE, l->role) &&
		sc_policy_has(r->policy, SC_NAME_TYPE, l->type));
}

/* A context that could not be made since its role lacks its type. */
static int take_error(struct reading *r, struct sc_str body)
{
	struct sc_package_role l = { 0 };
	struct sc_str source, target;
	struct sc_notice n = { 0 };
	bool no_memory = false;
	struct sc_str rest, user;

	if (!sc_notice_read(SC_KIND_ERROR, body, &r->line, &n, &no_memory)) {
		r->refused++;
		return no_memory ? sc_no_memory(r->err) : 0;
	}
	if (!sc_str_eq(n.op, SC_STR("security_compute_sid")))
		return 0;
	if (r->text && !r->options->trust_syslog) {
		r->forged++;
		return 0;
	}
	rest = n.context;
	if (!sc_take_part(&rest, ':', &user) ||
	    !sc_take_part(&rest, ':', &l.role) ||
	    !sc_take_part(&rest, ':', &l.type) || !sc_is_name(l.role) ||
	    !sc_is_name(l.type))
		return 0;
	if (!can_be_had(r, body, &l)) {
		r->lost++;
		return 0;
	}
	source = sc_label_part(n.source, SC_LABEL_TYPE);
	target = sc_label_part(n.target, SC_LABEL_TYPE);
	if (r->has_type && !fits(r, l.type) && !fits(r, source) &&
	    !fits(r, target))
		return 0;
	return r->reader->lacking
		       ? r->reader->lacking(r->reader->data, &l, r->err)
		       : 0;
}

/* Of an auditd that old that it says so by its name, policy was loaded since.
 */
static bool is_start(const struct sc_record *record)
{
	struct sc_str body = record->body, word;

	if (!sc_str_eq(record->type, SC_STR("DAEMON_START")))
		return false;
	while (sc_take_word(&body, &word))
		if (sc_str_eq(word, SC_STR("auditd")))
			return true;
	return false;
}

static int take_record(struct reading *r, struct sc_str line,
		       const struct sc_record *record)
{
	enum sc_kind kind = sc_record_kind(record->type);
	struct sc_str body = sc_record_body(record->body);

	if (kind == SC_KIND_LOAD || is_start(record)) {
		r->seen++;
		if (r->options->lastreload)
			r->reader->reload(r->reader->data);
		return 0;
	}
	if (kind == SC_KIND_ERROR) {
		r->seen++;
		return take_error(r, body);
	}
	if (kind != SC_KIND_AVC && kind != SC_KIND_USER_AVC)
		return 0;
	r->seen++;
	return take_avc(r, line, kind == SC_KIND_USER_AVC, body);
}

static struct sc_str bare(struct sc_str line)
{
	if (line.n && line.s[line.n - 1] == '\n')
		line.n--;
	return line;
}

static bool take_next(struct sc_str *lines, struct sc_str *line)
{
	const char *end = lines->n ? memchr(lines->s, '\n', lines->n) : NULL;

	if (!lines->n)
		return false;
	*line = *lines;
	if (end)
		line->n = (size_t)(end - lines->s) + 1;
	sc_str_drop(lines, line->n);
	return true;
}

/* Most lines of a log are records of other types: a look is enough. */
static bool is_of_others(struct sc_str line)
{
	static const struct sc_str ours[] = {
		SC_STR("AVC"),         SC_STR("USER_AVC"),
		SC_STR("UNKNOWN["),    SC_STR("MAC_POLICY_LOAD"),
		SC_STR("SELINUX_ERR"), SC_STR("DAEMON_START"),
		SC_STR("1"),
	};
	struct sc_record r;

	if (!sc_record_read(line, &r))
		return false;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (sc_take_prefix(&r.type, ours[i]))
			return false;
	return !sc_tear_shows(r.body);
}

/* Take one record, or what is none, from the front of @in. */
static int take_one(struct reading *r, struct sc_str *in)
{
	struct sc_str line = *in;
	struct sc_record record;
	bool read = sc_line_read(bare(line), &record);
	struct sc_tear tear = { 0 };

	if (read)
		tear = sc_tear_in(bare(line), record.body);
	else
		tear.at = sc_tear_front(bare(line));
	sc_str_drop(in, tear.at && !tear.in_doubt ? tear.at : line.n);
	if (!read || tear.in_doubt) {
		r->refused += read ? sc_tear_matters(line, tear.at, &record)
				   : sc_form_is_interpreted(bare(line));
		return 0;
	}
	if (tear.at) {
		sc_tear_cut(&line, tear.at, &record);
		if (sc_tear_in_name(line)) {
			r->refused++;
			return 0;
		}
	}
	if (record.stamp.ms < r->since_ms)
		return 0;
	/* what the kernel has is the kernel's, if we ask itself */
	r->text |= record.form != SC_FORM_AUDIT && !r->options->dmesg;
	sc_arena_reset(&r->line);
	return take_record(r, line, &record);
}

static int take_line(struct reading *r, struct sc_str line)
{
	int e = 0;

	if (is_of_others(line))
		return 0;
	r->whole = line;
	/* what came from a command was split at its newlines before */
	if (r->options->all || r->options->boot || r->options->dmesg)
		r->whole = bare(line);
	while (e >= 0 && line.n)
		e = take_one(r, &line);
	return e;
}

/* A log is known by its first lines, before any of it is taken for true. */
static int look(struct reading *r, struct sc_str lines)
{
	struct sc_record record;
	bool first = true;
	struct sc_str line;

	while (take_next(&lines, &line)) {
		const char *refusal =
			first ? sc_form_refusal(bare(line)) : NULL;

		if (refusal)
			return sc_fail(r->err, SC_EREFUSED, "%s", refusal);
		r->text |=
			sc_form_read(bare(line), &record) && !r->options->dmesg;
		first = false;
	}
	return 0;
}

static int read_source(struct reading *r, struct sc_source *source)
{
	struct sc_str lines, line;
	bool first = true;
	int e;

	r->text = false;
	while ((e = sc_source_next(source, 0, &lines, r->err)) > 0) {
		e = first ? look(r, lines) : 0;
		first = false;
		while (e == 0 && take_next(&lines, &line))
			e = take_line(r, line);
		if (e < 0)
			return e;
	}
	return e;
}

/* ---- where it comes from */

/* The log at @path; NULL: all that the host keeps. */
static int read_logs(struct reading *r, char *path)
{
	SC_CLEAN(sc_log_set_close) struct sc_log_set set = { 0 };
	int e = sc_log_set_open(&path, path ? 1 : 0, &set, r->err);

	for (size_t i = 0; e >= 0 && i < set.n; i++) {
		SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
		int fd = sc_log_set_take(&set, i, r->err);

		e = fd < 0 ? fd : sc_source_open(fd, &source, r->err);
		if (e >= 0)
			e = read_source(r, source);
		if (e < 0 && e != SC_ENOMEM)
			return sc_while(r->err, "reading '%s'", set.v[i].path);
	}
	return e < 0 ? e : 0;
}

struct memory {
	const char *s;
	size_t n;
};

static long read_memory(void *from, char *to, size_t n)
{
	struct memory *m = from;

	if (n > m->n)
		n = m->n;
	memcpy(to, m->s, n);
	m->s += n;
	m->n -= n;
	return (long)n;
}

/* What /bin/dmesg would show, from where it has it. */
static int read_kernel(struct reading *r)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	int size = klogctl(KLOG_SIZE, NULL, 0), n;
	SC_CLEAN(free_p) char *text = size > 0 ? malloc((size_t)size) : NULL;
	struct memory memory;

	if (size < 0)
		return sc_fail_os(r->err, "cannot read the kernel's messages");
	if (!text)
		return sc_no_memory(r->err);
	n = klogctl(KLOG_READ_ALL, text, size);
	if (n < 0)
		return sc_fail_os(r->err, "cannot read the kernel's messages");
	memory = (struct memory){ text, (size_t)n };
	n = sc_source_from(read_memory, &memory, 0, &source, r->err);
	return n < 0 ? n : read_source(r, source);
}

static uint64_t boot_ms(void)
{
	struct timespec now, up;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)clock_gettime(CLOCK_BOOTTIME, &up);
	return (uint64_t)(now.tv_sec - up.tv_sec) * 1000;
}

static int read_input(struct reading *r)
{
	const struct sc_compat_options *o = r->options;

	static char standard_input[] = "-";

	if (o->input)
		return read_logs(r, (char *)o->input);
	if (o->dmesg)
		return read_kernel(r);
	if (o->boot && !o->all)
		r->since_ms = boot_ms();
	return read_logs(r, o->all || o->boot ? NULL : standard_input);
}

/* What was passed over, and why. */
static void say(uint64_t n, const char *one, const char *many)
{
	if (n)
		fprintf(stderr,
			"selcage: %" PRIu64 " record%s passed over: %s %s\n", n,
			n == 1 ? "" : "s", n == 1 ? "it" : "they",
			n == 1 ? one : many);
}

int sc_compat_read(const struct sc_compat_options *o, struct sc_policy *p,
		   const struct sc_compat_reader *reader, struct sc_error *err)
{
	SC_CLEAN(close_reading)
	struct reading r = {
		.options = o,
		.reader = reader,
		.policy = p,
		.err = err,
		.kept = calloc(KEPT_MAX, sizeof(*r.kept)),
	};
	int e;

	if (!r.kept)
		return sc_no_memory(err);
	if (o->type) {
		r.has_type = regcomp(&r.type, o->type, REG_EXTENDED) == 0;
		if (!r.has_type)
			return sc_fail(err, SC_ESYNTAX,
				       "--type: '%.100s' is no regular "
				       "expression",
				       o->type);
	}
	e = read_input(&r);
	if (e < 0)
		return e;
	say(r.lost, "names what the policy lacks",
	    "name what the policy lacks");
	say(r.forged,
	    "asks for a type of a role, and stands in a log that anybody can "
	    "write to (--trust-syslog)",
	    "ask for a type of a role, and stand in a log that anybody can "
	    "write to (--trust-syslog)");
	say(r.refused, "could not be read", "could not be read");
	return r.seen > INT_MAX ? INT_MAX : (int)r.seen;
}
