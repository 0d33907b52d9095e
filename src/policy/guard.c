#include "policy/guard_db.h"

#include "base/data.h"
#include "base/table.h"
#include "base/vec.h"

#define SETS_MAX 16

struct set {
	struct sc_str name, words;
};

struct reader {
	const policydb_t *db;
	const struct sc_family *family;
	struct sc_arena *arena;
	struct sc_guards *out;
	struct sc_error *err;
	struct set sets[SETS_MAX];
	size_t n_sets;
	struct sc_row row;
};

enum column {
	ID,
	FAMILY,
	SCOPE,
	SEVERITY,
	KIND,
	TARGETS,
	CLASSES,
	PERMS,
	WORDS
};

static int bad(struct reader *r, const char *what, struct sc_str word)
{
	return sc_fail(r->err, SC_ESYNTAX,
		       "data/guards.tsv, line %u: %s '" SC_FMT "'", r->row.line,
		       what, SC_ARG(word));
}

/* Remember, once, that the policy lacks @name. */
static bool note_missing(struct reader *r, struct sc_guard *g,
			 struct sc_str name)
{
	struct sc_str seen = g->missing, word;
	char *text;

	while (sc_take_word(&seen, &word))
		if (sc_str_eq(word, name))
			return true;
	text = sc_new_array(r->arena, char, g->missing.n + name.n + 2);
	if (!text)
		return false;
	snprintf(text, g->missing.n + name.n + 2, SC_FMT "%s" SC_FMT,
		 SC_ARG(g->missing), g->missing.n ? " " : "", SC_ARG(name));
	g->missing = sc_view(text);
	return true;
}

/* ---- targets */

static void set_all(struct sc_guard_row *row, const policydb_t *db, bool on)
{
	for (uint32_t t = 0; t < db->p_types.nprim; t++)
		row->targets[t] =
			on && db->type_val_to_struct[t]->flavor != TYPE_ATTRIB;
}

/* Put type or attribute @name into the targets, or take it out. */
static bool set_named(struct sc_guard_row *row, const policydb_t *db,
		      struct sc_str name, bool on)
{
	const type_datum_t *type = sc_db_find(db->p_types.table, name);
	ebitmap_node_t *node;
	unsigned i;

	if (!type)
		return false;
	ebitmap_for_each_positive_bit(&db->attr_type_map[type->s.value - 1],
				      node, i) row->targets[i] = on;
	return true;
}

static bool take_mark(struct sc_str *word, char mark)
{
	if (!word->n || *word->s != mark)
		return false;
	sc_str_drop(word, 1);
	return true;
}

/* One word of the targets; counts the names in force in @known. */
static int read_target(struct reader *r, struct sc_guard_row *row,
		       struct sc_guard *g, struct sc_str word, size_t *known)
{
	bool on = !take_mark(&word, '-');
	bool optional = take_mark(&word, '?');

	if (sc_str_eq(word, SC_STR("self"))) {
		row->self = on;
	} else if (sc_str_eq(word, SC_STR("*"))) {
		set_all(row, r->db, on);
		row->self = on;
	} else if (!set_named(row, r->db, word, on)) {
		if (on && !optional && !note_missing(r, g, word))
			return sc_no_memory(r->err);
		return 0;
	}
	*known += on;
	return 0;
}

static int read_targets(struct reader *r, struct sc_guard_row *row,
			struct sc_guard *g)
{
	struct sc_str list = r->row.v[TARGETS], word;
	size_t known = 0;

	row->targets = sc_new_array(r->arena, uint8_t,
				    (size_t)r->db->p_types.nprim + 1);
	if (!row->targets)
		return sc_no_memory(r->err);
	while (sc_take_word(&list, &word)) {
		int code = read_target(r, row, g, word, &known);

		if (code < 0)
			return code;
	}
	row->na = known == 0;
	return 0;
}

/* ---- classes and permissions */

static const struct set *find_set(struct reader *r, struct sc_str name)
{
	for (size_t i = 0; i < r->n_sets; i++)
		if (sc_str_eq(r->sets[i].name, name))
			return &r->sets[i];
	return NULL;
}

/* The bits of @perms in @class; a permission that it lacks has none. */
static int perm_bits(struct reader *r, const class_datum_t *class,
		     struct sc_str perms, uint32_t *bits)
{
	struct sc_str word;

	while (sc_take_word(&perms, &word)) {
		const struct set *set;

		if (sc_str_eq(word, SC_STR("*"))) {
			*bits = UINT32_MAX;
		} else if (!take_mark(&word, '%')) {
			*bits |= sc_db_perm(class, word);
		} else if ((set = find_set(r, word))) {
			struct sc_str inner = set->words;

			while (sc_take_word(&inner, &word))
				*bits |= sc_db_perm(class, word);
		} else {
			return bad(r, "no set", word);
		}
	}
	return 0;
}

static int add_class(struct reader *r, struct sc_guard_row *row,
		     struct sc_str name, size_t *known)
{
	const class_datum_t *class = sc_db_find(r->db->p_classes.table, name);
	struct sc_str perms = r->row.v[PERMS], left;
	int code;

	if (!class)
		return 0;
	if (row->kind == SC_BOTH && !sc_take_until(&perms, '/', &left))
		return bad(r, "no '/' in", perms);
	if (row->kind == SC_IOCTL)
		left = SC_STR("ioctl"); /* perms are its numbers */
	else if (row->kind != SC_BOTH)
		left = perms;
	code = perm_bits(r, class, left, &row->masks[class->s.value - 1]);
	if (code == 0 && row->kind == SC_BOTH)
		code = perm_bits(r, class, perms,
				 &row->other[class->s.value - 1]);
	*known += row->masks[class->s.value - 1] != 0;
	return code;
}

static int add_all_classes(struct reader *r, struct sc_guard_row *row,
			   size_t *known)
{
	for (uint32_t c = 0; c < r->db->p_classes.nprim; c++) {
		int code = add_class(
			r, row, sc_view(r->db->p_class_val_to_name[c]), known);

		if (code < 0)
			return code;
	}
	return 0;
}

/* A class by its name, or "?NAME", or a set of classes. */
static int add_word(struct reader *r, struct sc_guard_row *row,
		    struct sc_str word, size_t *known)
{
	const struct set *set;
	struct sc_str inner;
	int code = 0;

	if (sc_str_eq(word, SC_STR("*")))
		return add_all_classes(r, row, known);
	(void)take_mark(&word, '?');
	if (!take_mark(&word, '%'))
		return add_class(r, row, word, known);
	set = find_set(r, word);
	if (!set)
		return bad(r, "no set", word);
	inner = set->words;
	while (code == 0 && sc_take_word(&inner, &word))
		code = add_class(r, row, word, known);
	return code;
}

static int read_classes(struct reader *r, struct sc_guard_row *row)
{
	struct sc_str list = r->row.v[CLASSES], word;
	size_t n = (size_t)r->db->p_classes.nprim + 1, known = 0;
	int code = 0;

	row->masks = sc_new_array(r->arena, uint32_t, n);
	row->other = sc_new_array(r->arena, uint32_t, n);
	if (!row->masks || !row->other)
		return sc_no_memory(r->err);
	if (row->kind == SC_MEMBER)
		return 0;
	while (code == 0 && sc_take_word(&list, &word))
		code = add_word(r, row, word, &known);
	row->na = row->na || known == 0;
	return code;
}

/* ---- rows */

static int read_kind(struct reader *r, enum sc_guard_kind *out)
{
	static const struct sc_str kinds[] = {
		[SC_GRANT] = SC_STR("grant"),   [SC_BOTH] = SC_STR("both"),
		[SC_MEMBER] = SC_STR("member"), [SC_MCS] = SC_STR("mcs"),
		[SC_IOCTL] = SC_STR("ioctl"),
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (sc_str_eq(kinds[i], r->row.v[KIND])) {
			*out = (enum sc_guard_kind)i;
			return 0;
		}
	return bad(r, "no kind", r->row.v[KIND]);
}

static int find_guard(struct reader *r, size_t *out)
{
	struct sc_guard_list *list = &r->out->guards;
	struct sc_str severity = r->row.v[SEVERITY];
	struct sc_guard g = { .id = r->row.v[ID],
			      .severity = severity,
			      .words = r->row.v[WORDS],
			      .na = true };

	for (*out = 0; *out < list->n; (*out)++)
		if (sc_str_eq(list->v[*out].id, g.id))
			return 0;
	g.blocks = sc_str_eq(severity, SC_STR("critical")) ||
		   sc_str_eq(severity, SC_STR("high"));
	if (!g.blocks && !sc_str_eq(severity, SC_STR("medium")))
		return bad(r, "no severity", severity);
	return SC_PUSH(r->arena, list, g) ? 0 : sc_no_memory(r->err);
}

static int read_row(struct reader *r)
{
	struct sc_guard_row row = {
		.words = r->row.v[WORDS],
		.any_source = sc_str_eq(r->row.v[SCOPE], SC_STR("any")),
		.text_targets = r->row.v[TARGETS],
		.text_classes = r->row.v[CLASSES],
		.text_perms = r->row.v[PERMS],
	};
	struct sc_guard *g;
	int code;

	if (r->row.n != WORDS + 1)
		return bad(r, "not nine columns in", r->row.v[ID]);
	if (!sc_str_eq(r->row.v[FAMILY], SC_STR("*")) &&
	    !sc_str_eq(r->row.v[FAMILY], r->family->name))
		return 0;
	code = find_guard(r, &row.guard);
	if (code == 0)
		code = read_kind(r, &row.kind);
	if (code < 0)
		return code;
	g = &r->out->guards.v[row.guard];
	code = read_targets(r, &row, g);
	if (code == 0)
		code = read_classes(r, &row);
	if (code < 0)
		return code;
	g->na = g->na && row.na;
	return SC_PUSH(r->arena, &r->out->rows, row) ? 0 : sc_no_memory(r->err);
}

int sc_guards_open(const struct sc_policy *p, const struct sc_family *family,
		   struct sc_arena *a, struct sc_guards **out,
		   struct sc_error *err)
{
	struct reader r = {
		.db = sc_policy_db(p), .family = family, .arena = a, .err = err
	};
	struct sc_str text = sc_data("guards.tsv");

	r.out = sc_new(a, struct sc_guards);
	if (!r.out)
		return sc_no_memory(r.err);
	r.out->db = r.db;
	r.out->policy = p;
	while (sc_take_row(&text, &r.row)) {
		int code = 0;

		if (!sc_str_eq(r.row.v[ID], SC_STR("set")))
			code = read_row(&r);
		else if (r.n_sets == SETS_MAX)
			code = bad(&r, "too many sets at", r.row.v[1]);
		else
			r.sets[r.n_sets++] =
				(struct set){ r.row.v[1], r.row.v[2] };
		if (code < 0)
			return code;
	}
	*out = r.out;
	return 0;
}

size_t sc_guards_count(const struct sc_guards *g)
{
	return g->guards.n;
}

const struct sc_guard *sc_guards_at(const struct sc_guards *g, size_t i)
{
	return &g->guards.v[i];
}
