#include "host/kubelet.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/data.h"
#include "base/table.h"
#include "host/flags.h"

/* A row of data/kubelet.tsv. */
struct setting {
	struct sc_str key; /* empty: it is a flag alone */
	struct sc_str flag;
	struct sc_str kind;
	struct sc_str filed, bare;
	bool empty_is_default;
	struct sc_str since, was; /* it was another one; or empty */
};

static struct sc_str or_none(struct sc_str v)
{
	return sc_str_eq(v, SC_STR("-")) ? SC_STR("") : v;
}

static bool find_setting(struct sc_str key, struct setting *out)
{
	struct sc_str table = sc_data("kubelet.tsv"), flag = key;
	bool by_flag = sc_take_prefix(&flag, SC_STR("--"));
	struct sc_row row = { 0 };

	while (sc_take_row(&table, &row))
		if (by_flag ? sc_str_eq(row.v[1], flag)
			    : sc_str_eq(row.v[0], key)) {
			*out = (struct setting){
				or_none(row.v[0]),
				or_none(row.v[1]),
				row.v[2],
				row.v[3],
				row.v[4],
				sc_str_eq(row.v[5], SC_STR("default")),
				or_none(row.v[6]),
				or_none(row.v[7]),
			};
			return true;
		}
	return false;
}

static bool is_kind(const struct setting *s, const char *kind)
{
	return sc_str_eq(s->kind, sc_view(kind));
}

/* Put @top on @out. */
static int cover(struct sc_value *out, struct sc_value top, struct sc_arena *a,
		 struct sc_error *err)
{
	struct sc_value *under = sc_new(a, struct sc_value);

	if (!under)
		return sc_no_memory(err);
	*under = *out;
	top.under = under;
	*out = top;
	return 0;
}

/* ---- files */

static int join(const struct sc_doc_node *list, struct sc_arena *a,
		struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, SC_STR(""));
	for (const struct sc_doc_node *c = list->first; c; c = c->next) {
		sc_put(&text, c == list->first ? SC_STR("") : SC_STR(","));
		sc_put(&text, c->text);
	}
	if (text.failed || !sc_keep(a, (struct sc_str){ text.s, text.n }, out))
		return sc_no_memory(err);
	return 0;
}

/* A value of the wrong form: the kubelet would not take the file. */
static bool fits(const struct setting *s, const struct sc_doc_node *node)
{
	bool plain = node->kind != SC_DOC_STRING || node->style == SC_DOC_PLAIN;
	int64_t number;
	bool truth;

	if (is_kind(s, "list"))
		return node->kind == SC_DOC_LIST;
	if (!sc_doc_is_scalar(node))
		return false;
	if (is_kind(s, "bool") || is_kind(s, "map"))
		return plain && sc_yaml_bool(node->text, &truth);
	if (is_kind(s, "number"))
		return plain && sc_flag_number(node->text, &number);
	return true;
}

/* Of a number one form, 31 for 0x1f; others are as they are. */
static int plain_form(const struct setting *s, struct sc_arena *a,
		      struct sc_str *text, struct sc_error *err)
{
	int64_t number;

	if (!is_kind(s, "number") || !sc_flag_number(*text, &number))
		return 0;
	return sc_keepf(a, text, "%lld", (long long)number) ? 0
							    : sc_no_memory(err);
}

/* What one file says, as a layer on @out. */
static int add_file(const struct setting *s, const struct sc_settings *file,
		    struct sc_arena *a, struct sc_value *out,
		    struct sc_error *err)
{
	const struct sc_doc_node *node = sc_settings_get(file, s->key);
	struct sc_value top = {
		.set = true,
		.from = { SC_LAYER_FILE, file->path, 0, 0, s->key },
	};
	bool truth;

	if (!node || node->kind == SC_DOC_NULL)
		return 0;
	top.from.line = node->key_line ? node->key_line : node->line;
	if (!fits(s, node)) {
		if (!sc_keepf(a, &top.trouble,
			      "'%s' line %u: " SC_FMT " is no %s", file->path.s,
			      top.from.line, SC_ARG(s->key),
			      is_kind(s, "map") ? "truth value" : s->kind.s))
			return sc_no_memory(err);
		return cover(out, top, a, err);
	}
	if (node->kind == SC_DOC_LIST) {
		if (join(node, a, &top.text, err) < 0)
			return err->code;
	} else {
		top.text = node->text;
	}
	if ((is_kind(s, "bool") || is_kind(s, "map")) &&
	    sc_yaml_bool(node->text, &truth))
		top.text = truth ? SC_STR("true") : SC_STR("false");
	if (plain_form(s, a, &top.text, err) < 0)
		return err->code;
	return cover(out, top, a, err);
}

/* ---- flags */

/* "A=true" of "A=true,B=false", for the last part of a key; false: not there.
 */
static bool map_part(struct sc_str text, struct sc_str key, struct sc_str *out)
{
	struct sc_str part, name, rest = key;
	bool found = false;

	while (sc_take_until(&rest, '.', &part))
		;
	while (sc_take_part(&text, ',', &part)) {
		if (!sc_take_until(&part, '=', &name) ||
		    !sc_str_eq(sc_str_trim(name), rest))
			continue;
		*out = sc_str_trim(part);
		found = true;
	}
	return found;
}

static int add_flag(const struct setting *s, struct sc_str text,
		    struct sc_origin from, struct sc_arena *a,
		    struct sc_value *out, struct sc_error *err)
{
	struct sc_value top = { .text = text, .set = true, .from = from };
	int64_t number;
	bool truth;

	if (is_kind(s, "map") && !map_part(text, s->key, &top.text))
		return 0;
	if (is_kind(s, "bool") || is_kind(s, "map")) {
		if (sc_flag_bool(top.text, &truth))
			top.text = truth ? SC_STR("true") : SC_STR("false");
		else if (!sc_keepf(a, &top.trouble,
				   SC_FMT " is given no truth value",
				   SC_ARG(from.key)))
			return sc_no_memory(err);
	}
	if (is_kind(s, "number") && !sc_flag_number(text, &number) &&
	    !sc_keepf(a, &top.trouble, SC_FMT " is given no number",
		      SC_ARG(from.key)))
		return sc_no_memory(err);
	if (plain_form(s, a, &top.text, err) < 0)
		return err->code;
	/* A list that is given twice is one list. */
	if (is_kind(s, "list") && out->from.layer == SC_LAYER_FLAG &&
	    !sc_keepf(a, &top.text, SC_FMT "," SC_FMT, SC_ARG(out->text),
		      SC_ARG(text)))
		return sc_no_memory(err);
	return cover(out, top, a, err);
}

static int add_flags(const struct setting *s, const struct sc_words *words,
		     struct sc_arena *a, struct sc_value *out,
		     struct sc_error *err)
{
	bool is_bool = is_kind(s, "bool");
	struct sc_origin from;
	struct sc_str value;
	size_t at = 0;
	int r = 0;

	while (r == 0 && s->flag.n &&
	       sc_flag_next(words, &at, s->flag, is_bool, &value, &from))
		r = add_flag(s, value, from, a, out, err);
	return r;
}

/* ---- all layers */

/* Of one that its version decides. */
static int set_default_of_version(const struct sc_kubelet *k,
				  const struct setting *s, struct sc_arena *a,
				  struct sc_value *out, struct sc_error *err)
{
	enum sc_answer since = sc_kubelet_is_since(k, s->since);
	bool before = since == SC_ANSWER_NO;

	if (before)
		out->text = s->was;
	if (since == SC_ANSWER_UNKNOWN &&
	    !sc_keepf(
		    a, &out->trouble,
		    "the default depends on the version, which is not known: " SC_FMT,
		    SC_ARG(k->version_trouble)))
		return sc_no_memory(err);
	return sc_keepf(a, &out->from.key, "of a kubelet %s " SC_FMT,
			before ? "before" : "since", SC_ARG(s->since))
		       ? 0
		       : sc_no_memory(err);
}

static int set_default(const struct sc_kubelet *k, const struct setting *s,
		       struct sc_arena *a, struct sc_value *out,
		       struct sc_error *err)
{
	bool filed = k->config.path.n > 0;
	struct sc_str text = filed ? s->filed : s->bare;

	*out = (struct sc_value){
		.text = text,
		.set = text.n > 0,
		.from = { .layer = SC_LAYER_DEFAULT },
	};
	if (s->since.n)
		return set_default_of_version(k, s, a, out, err);
	if (sc_str_eq(s->filed, s->bare))
		out->from.key = SC_STR("of every kubelet");
	else
		out->from.key = filed ? SC_STR("of a kubelet with a file of "
					       "configuration")
				      : SC_STR("of a kubelet without a file of "
					       "configuration");
	return 0;
}

/* Until a flag says it, a file that cannot be read leaves it open. */
static int add_trouble(struct sc_str trouble, struct sc_str path,
		       struct sc_arena *a, struct sc_value *out,
		       struct sc_error *err)
{
	struct sc_value top = {
		.from = { .layer = SC_LAYER_FILE, .file = path },
		.trouble = trouble,
	};

	return cover(out, top, a, err);
}

/* In a file "", and of a time 0, may stand for what is so by default. */
static bool is_zero(const struct setting *s, struct sc_str v)
{
	if (!is_kind(s, "time"))
		return !v.n;
	for (size_t i = 0; i < v.n; i++)
		if (!memchr("0hmsnu.", v.s[i], 7))
			return false;
	return true;
}

static int add_files(const struct sc_kubelet *k, const struct setting *s,
		     struct sc_arena *a, struct sc_value *out,
		     struct sc_error *err)
{
	struct sc_value otherwise = *out;
	int r = 0;

	if (k->config.path.n)
		r = k->config.trouble.n
			    ? add_trouble(k->config.trouble, k->config.path, a,
					  out, err)
			    : add_file(s, &k->config, a, out, err);
	if (r == 0 && k->drop_in_trouble.n)
		r = add_trouble(k->drop_in_trouble, k->config_dir, a, out, err);
	for (size_t i = 0; i < k->drop_ins.n && r == 0; i++) {
		const struct sc_settings *one = &k->drop_ins.v[i];

		r = one->trouble.n
			    ? add_trouble(one->trouble, one->path, a, out, err)
			    : add_file(s, one, a, out, err);
	}
	if (r == 0 && s->empty_is_default && !out->trouble.n &&
	    out->from.layer == SC_LAYER_FILE && is_zero(s, out->text)) {
		otherwise.from.key = SC_STR("that the file's value stands for");
		r = cover(out, otherwise, a, err);
	}
	return r;
}

int sc_kubelet_value(const struct sc_kubelet *k, struct sc_str key,
		     struct sc_arena *a, struct sc_value *out,
		     struct sc_error *err)
{
	struct setting s;
	int r = 0;

	if (!find_setting(key, &s))
		return sc_fail(err, SC_ENOTFOUND,
			       "no setting of the kubelet is called '" SC_FMT
			       "'",
			       SC_ARG(key));
	if (set_default(k, &s, a, out, err) < 0)
		return err->code;
	if (k->trouble.n) {
		out->trouble = k->trouble;
		return 0;
	}
	if (s.key.n)
		r = add_files(k, &s, a, out, err);
	return r < 0 ? r : add_flags(&s, &k->words, a, out, err);
}
