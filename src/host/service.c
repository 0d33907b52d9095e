#include "host/service.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/vec.h"
#include "host/assign.h"
#include "host/process.h"
#include "host/unit.h"

/* One line of a unit, or one variable. */
struct entry {
	struct sc_str name; /* of a variable */
	struct sc_str text;
	struct sc_str file;
	uint32_t line;
};

struct entries {
	struct entry *v;
	size_t n;
	size_t room;
};

struct reading {
	const struct sc_host *host;
	struct sc_arena *a;
	struct sc_service *out;
	struct entries exec, environment, files;
	size_t bytes; /* of the words so far */
	bool in_service;
};

static int trouble(struct reading *r, const char *what, struct sc_error *err)
{
	if (r->out->trouble.n)
		return 0;
	return sc_keep(r->a, sc_view(what), &r->out->trouble)
		       ? 0
		       : sc_no_memory(err);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct sc_str trim(struct sc_str v)
{
	while (v.n && is_blank(*v.s))
		sc_str_drop(&v, 1);
	while (v.n && is_blank(v.s[v.n - 1]))
		v.n--;
	return v;
}

/* ---- words */

/* What a backslash and @c are, where they are not @c itself. */
static char unescape(char c)
{
	static const char from[] = "abfnrtvs", to[] = "\a\b\f\n\r\t\v ";
	const char *at = strchr(from, c);

	return at && c ? to[at - from] : c;
}

/* Take the next word of @in, without its quotes; false at its end. @raw is the
 * same as it stands there. */
static bool take_argument(struct sc_str *in, struct sc_buf *out,
			  struct sc_str *raw)
{
	char quote = 0;

	*in = trim(*in);
	if (!in->n)
		return false;
	raw->s = in->s;
	out->n = 0;
	sc_put(out, SC_STR(""));
	while (in->n && (quote || !is_blank(*in->s))) {
		char c = *in->s;

		sc_str_drop(in, 1);
		if (c == '\\' && in->n && quote != '\'') {
			c = unescape(*in->s);
			sc_str_drop(in, 1);
		} else if (quote ? c == quote : c == '"' || c == '\'') {
			quote = quote ? 0 : c;
			continue;
		}
		sc_put(out, (struct sc_str){ &c, 1 });
	}
	raw->n = (size_t)(in->s - raw->s);
	return true;
}

static const struct entry *variable(const struct reading *r, struct sc_str name)
{
	const struct entry *found = NULL;

	for (size_t i = 0; i < r->environment.n; i++)
		if (sc_str_eq(r->environment.v[i].name, name))
			found = &r->environment.v[i];
	return found;
}

static int add_word(struct reading *r, struct sc_str text,
		    const struct entry *from, struct sc_error *err)
{
	struct sc_word word = {
		.from = { .layer = SC_LAYER_FLAG,
			  .file = from->file,
			  .line = from->line,
			  .word = (uint32_t)r->out->words.n },
	};

	r->bytes += text.n;
	if (r->out->words.n >= SC_WORDS_OF_SERVICE || r->bytes > SC_HOST_BYTES)
		return trouble(r, "its command line is too long", err);
	if (!sc_keep(r->a, text, &word.text) ||
	    !SC_PUSH(r->a, &r->out->words, word))
		return sc_no_memory(err);
	return 0;
}

/* "$NAME" alone: its value, split into words. */
static int add_variable(struct reading *r, struct sc_str name,
			struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf word = { 0 };
	const struct entry *var = variable(r, name);
	struct sc_str rest, raw;

	if (!var)
		return 0;
	rest = var->text;
	while (take_argument(&rest, &word, &raw)) {
		if (word.failed)
			return sc_no_memory(err);
		if (add_word(r, (struct sc_str){ word.s, word.n }, var, err) <
		    0)
			return err->code;
	}
	return 0;
}

/* A word with "${NAME}" in it, "$$" and "%%": one word all the same. */
static int add_expanded(struct reading *r, struct sc_str word,
			const struct entry *from, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	const struct entry *origin = from;

	sc_put(&out, SC_STR(""));
	while (word.n && out.n <= SC_HOST_BYTES) {
		struct sc_str rest = word, name;
		const struct entry *var;

		if (sc_take_prefix(&rest, SC_STR("${")) &&
		    sc_take_until(&rest, '}', &name)) {
			var = variable(r, name);
			if (var) {
				sc_put(&out, var->text);
				origin = var;
			}
			word = rest;
			continue;
		}
		sc_put(&out, (struct sc_str){ word.s, 1 });
		if (word.n > 1 && (*word.s == '$' || *word.s == '%') &&
		    word.s[1] == *word.s)
			sc_str_drop(&word, 1);
		sc_str_drop(&word, 1);
	}
	if (out.failed)
		return sc_no_memory(err);
	return add_word(r, (struct sc_str){ out.s, out.n }, origin, err);
}

static bool is_plain_variable(struct sc_str raw, struct sc_str *name)
{
	if (!sc_take_prefix(&raw, SC_STR("$")) || !raw.n || *raw.s == '{' ||
	    *raw.s == '$')
		return false;
	*name = raw;
	return true;
}

static int expand(struct reading *r, const struct entry *exec,
		  struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf word = { 0 };
	struct sc_str rest = exec->text, raw, name;
	bool renamed = false;
	int n = 0;

	while (rest.n && strchr("@-:+!|", *rest.s)) {
		renamed = renamed || *rest.s == '@';
		sc_str_drop(&rest, 1);
	}
	for (; take_argument(&rest, &word, &raw); n++) {
		int bad;

		if (word.failed)
			return sc_no_memory(err);
		if (n == 1 && renamed) /* what the program sees as its name */
			continue;
		if (sc_str_eq(raw, SC_STR(";")))
			return trouble(r, "its unit starts several programs",
				       err);
		bad = is_plain_variable(raw, &name)
			      ? add_variable(r, name, err)
			      : add_expanded(r,
					     (struct sc_str){ word.s, word.n },
					     exec, err);
		if (bad < 0)
			return bad;
	}
	return 0;
}

/* ---- units */

static int add_environment(struct reading *r, const struct entry *line,
			   struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf word = { 0 };
	struct sc_str rest = line->text, raw;

	while (take_argument(&rest, &word, &raw)) {
		struct entry one = { .file = line->file, .line = line->line };
		struct sc_str text = { word.s, word.n }, name;

		if (word.failed)
			return sc_no_memory(err);
		if (!sc_take_until(&text, '=', &name))
			continue;
		if (!sc_keep(r->a, name, &one.name) ||
		    !sc_keep(r->a, text, &one.text) ||
		    !SC_PUSH(r->a, &r->environment, one))
			return sc_no_memory(err);
	}
	return 0;
}

/* An empty value takes back all that came before it. */
static int add_entry(struct reading *r, struct entries *to, struct entry one,
		     struct sc_error *err)
{
	if (!one.text.n) {
		to->n = 0;
		return 0;
	}
	return SC_PUSH(r->a, to, one) ? 0 : sc_no_memory(err);
}

static int read_setting(struct reading *r, struct sc_str line,
			struct sc_str file, uint32_t number,
			struct sc_error *err)
{
	struct entry one = { .file = file, .line = number };
	struct sc_str key;

	line = trim(line);
	if (line.n && *line.s == '[') {
		r->in_service = sc_str_eq(line, SC_STR("[Service]"));
		return 0;
	}
	if (!r->in_service || !sc_take_until(&line, '=', &key))
		return 0;
	key = trim(key);
	if (!sc_keep(r->a, trim(line), &one.text))
		return sc_no_memory(err);
	if (sc_str_eq(key, SC_STR("ExecStart")))
		return add_entry(r, &r->exec, one, err);
	if (sc_str_eq(key, SC_STR("EnvironmentFile")))
		return add_entry(r, &r->files, one, err);
	if (!sc_str_eq(key, SC_STR("Environment")))
		return 0;
	if (one.text.n)
		return add_environment(r, &one, err);
	r->environment.n = 0;
	return 0;
}

/* The lines of a unit; one that ends in a backslash goes on in the next one
 * that is no comment. */
static int read_lines(struct reading *r, struct sc_str text, struct sc_str file,
		      struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf whole = { 0 };
	uint32_t number = 0, first = 0;
	struct sc_str line;
	int bad = 0;

	r->in_service = false;
	while (bad == 0 && sc_take_part(&text, '\n', &line)) {
		struct sc_str start = trim(line);
		bool more = line.n && line.s[line.n - 1] == '\\';

		number++;
		if (start.n && (*start.s == '#' || *start.s == ';'))
			continue;
		first = first ? first : number;
		line.n -= more;
		sc_put(&whole, line);
		sc_put(&whole, SC_STR(" "));
		if (more && text.n)
			continue;
		if (whole.failed)
			return sc_no_memory(err);
		bad = read_setting(r, (struct sc_str){ whole.s, whole.n }, file,
				   first, err);
		whole.n = first = 0;
	}
	return bad;
}

static int read_file(struct reading *r, const char *path, struct sc_error *err)
{
	struct sc_str text = { 0 }, name;
	struct sc_error why;
	int bad = sc_host_read(r->host, path, r->a, &text, &why);

	if (!sc_keep(r->a, sc_view(path), &name) ||
	    !SC_PUSH(r->a, &r->out->files, name))
		return sc_no_memory(err);
	if (bad == SC_ENOMEM)
		return sc_no_memory(err);
	return bad < 0 ? trouble(r, why.msg, err)
		       : read_lines(r, text, name, err);
}

/* ---- the environment */

static int read_variables(struct reading *r, struct entry file,
			  struct sc_error *err)
{
	struct sc_assign_walk at = { 0 };
	struct sc_str path = file.text;
	struct sc_error why;
	struct sc_assign var;
	bool optional = sc_take_prefix(&path, SC_STR("-"));
	int bad;

	if (memchr(path.s, '*', path.n) || memchr(path.s, '%', path.n) ||
	    !path.n || *path.s != '/')
		return trouble(r,
			       "an EnvironmentFile= of its unit is not one "
			       "plain path",
			       err);
	bad = sc_host_read(r->host, path.s, r->a, &at.rest, &why);
	if (bad == SC_ENOMEM)
		return sc_no_memory(err);
	if (bad == SC_ENOTFOUND && optional)
		return 0;
	if (bad < 0)
		return trouble(r, why.msg, err);
	while (sc_assign_next(&at, SC_ASSIGN_SYSTEMD, r->a, &var)) {
		struct entry one = { var.name, var.value, path, var.line };

		if (!SC_PUSH(r->a, &r->environment, one))
			return sc_no_memory(err);
	}
	return at.no_memory ? sc_no_memory(err) : 0;
}

/* ---- a service */

struct drop_in {
	struct sc_str name, path;
	bool masked; /* it hides others, and says nothing */
};

struct drop_ins {
	struct drop_in *v;
	size_t n;
	size_t room;
};

static int by_name(const void *left, const void *right)
{
	const struct drop_in *a = left, *b = right;

	return sc_str_compare(a->name, b->name);
}

static bool has(const struct drop_ins *list, struct sc_str name)
{
	for (size_t i = 0; i < list->n; i++)
		if (sc_str_eq(list->v[i].name, name))
			return true;
	return false;
}

/* What @folder has for a unit; one of the same name further up hides it. */
static int list_drop_ins(struct reading *r, struct sc_str folder,
			 struct drop_ins *out, struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	int bad = sc_host_list(r->host, folder.s, 0, r->a, &names, &why);

	if (bad == SC_ENOMEM || (bad < 0 && trouble(r, why.msg, err) < 0))
		return sc_no_memory(err);
	for (size_t i = 0; i < names.n; i++) {
		struct drop_in one = { .name = names.v[i] };

		if (!sc_glob(SC_STR("*.conf"), one.name) || has(out, one.name))
			continue;
		one.masked = sc_host_is_masked(r->host, folder.s, one.name.s);
		if (!sc_keepf(r->a, &one.path, "%s/%s", folder.s, one.name.s) ||
		    !SC_PUSH(r->a, out, one))
			return sc_no_memory(err);
	}
	return 0;
}

/* The same of all places. */
static int add_drop_ins(struct reading *r, struct sc_str of,
			struct drop_ins *out, struct sc_error *err)
{
	struct sc_str folder;
	int bad = 0;

	for (size_t f = 0; bad == 0 && sc_unit_folder(f); f++) {
		if (!sc_keepf(r->a, &folder, "%s/" SC_FMT ".d",
			      sc_unit_folder(f), SC_ARG(of)))
			return sc_no_memory(err);
		bad = list_drop_ins(r, folder, out, err);
	}
	return bad;
}

/* Those of "kube-proxy.service", then of all that begin like it,
 * "kube-.service", then of all services. */
static int find_drop_ins(struct reading *r, const char *unit,
			 struct drop_ins *out, struct sc_error *err)
{
	struct sc_str stem = sc_view(unit), of;
	int bad = add_drop_ins(r, stem, out, err);

	stem.n -= strlen(".service");
	for (stem.n -= stem.n > 0; bad == 0 && stem.n; stem.n--) {
		if (stem.s[stem.n - 1] != '-')
			continue;
		if (!sc_keepf(r->a, &of, SC_FMT ".service", SC_ARG(stem)))
			return sc_no_memory(err);
		bad = add_drop_ins(r, of, out, err);
	}
	if (bad == 0)
		bad = add_drop_ins(r, SC_STR("service"), out, err);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_name);
	return bad;
}

static int read_unit(struct reading *r, const char *name, struct sc_error *err)
{
	struct sc_service *out = r->out;
	struct sc_str path;
	struct stat st;

	for (size_t f = 0; sc_unit_folder(f); f++) {
		const char *folder = sc_unit_folder(f);

		out->masked = sc_host_is_masked(r->host, folder, name);
		out->there = out->masked;
		if (out->masked)
			return trouble(r,
				       "its unit is masked: systemd does not "
				       "start it",
				       err);
		if (!sc_keepf(r->a, &path, "%s/%s", folder, name))
			return sc_no_memory(err);
		if (!sc_host_stat(r->host, path.s, &st))
			continue;
		out->there = true;
		return read_file(r, path.s, err);
	}
	return 0;
}

int sc_service_read(const struct sc_host *h, const char *name,
		    struct sc_arena *a, struct sc_service *out,
		    struct sc_error *err)
{
	struct reading r = { .host = h, .a = a, .out = out };
	struct drop_ins drop_ins = { 0 };
	int bad;

	*out = (struct sc_service){ 0 };
	bad = read_unit(&r, name, err);
	if (bad < 0 || !out->there)
		return bad;
	bad = find_drop_ins(&r, name, &drop_ins, err);
	for (size_t i = 0; i < drop_ins.n && bad == 0; i++)
		if (!drop_ins.v[i].masked)
			bad = read_file(&r, drop_ins.v[i].path.s, err);
	for (size_t i = 0; i < r.files.n && bad == 0; i++)
		bad = read_variables(&r, r.files.v[i], err);
	if (bad == 0 && r.exec.n)
		bad = expand(&r, &r.exec.v[r.exec.n - 1], err);
	if (bad == 0 && !out->words.n)
		bad = trouble(&r, "its unit starts nothing", err);
	return bad;
}

int sc_service_text(struct sc_str text, struct sc_str name, struct sc_arena *a,
		    struct sc_service *out, struct sc_error *err)
{
	struct reading r = { .a = a, .out = out };
	int bad;

	*out = (struct sc_service){ .there = true };
	bad = read_lines(&r, text, name, err);
	if (bad == 0 && r.exec.n)
		bad = expand(&r, &r.exec.v[r.exec.n - 1], err);
	return bad;
}

static bool same_words(const struct sc_names *words,
		       const struct sc_words *unit)
{
	if (words->n != unit->n)
		return false;
	for (size_t i = 1; i < words->n; i++)
		if (!sc_str_eq(words->v[i], unit->v[i].text))
			return false;
	return true;
}

int sc_service_running(const struct sc_host *h, uint64_t pid,
		       const struct sc_service *service, struct sc_arena *a,
		       struct sc_words *out, struct sc_error *err)
{
	struct sc_words words = { 0 };
	struct sc_names names = { 0 };
	struct sc_str file;
	int r = sc_process_words(h, pid, a, &names, err);

	if (r < 0)
		return r;
	if (same_words(&names, &service->words)) {
		*out = service->words;
		return 0;
	}
	if (!sc_keepf(a, &file, "/proc/%llu/cmdline", (unsigned long long)pid))
		return sc_no_memory(err);
	for (size_t i = 0; i < names.n; i++) {
		struct sc_word word = { .text = names.v[i] };

		word.from = (struct sc_origin){ .layer = SC_LAYER_FLAG,
						.file = file,
						.word = (uint32_t)i };
		if (!SC_PUSH(a, &words, word))
			return sc_no_memory(err);
	}
	*out = words;
	return 0;
}
