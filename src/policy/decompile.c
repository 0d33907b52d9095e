#include "policy/decompile.h"

#include "base/clean.h"
#include "base/vec.h"

#include <sepol/kernel_to_cil.h>

/* What @form, at the top of a module, defines. */
static bool note_form(const struct sc_cil *form, struct sc_arena *a,
		      struct sc_anew *out)
{
	struct sc_str name = sc_cil_word(form, 1);

	if (sc_cil_is(form, SC_STR("block"))) {
		if (sc_str_eq(name, SC_STR("selcage_core")))
			out->has_core = true;
		return SC_PUSH(a, &out->blocks, name);
	}
	if (sc_cil_is(form, SC_STR("typeattribute")))
		return SC_PUSH(a, &out->attributes, name);
	return true;
}

int sc_anew_read(const struct sc_sources *sources, struct sc_arena *a,
		 struct sc_anew *out, struct sc_error *err)
{
	struct sc_anew anew = { 0 };

	/* the domains that sc_compile() adds, if a policy kept them */
	if (!SC_PUSH(a, &anew.blocks, SC_STR("selcage__none")) ||
	    !SC_PUSH(a, &anew.blocks, SC_STR("selcage__bare")) ||
	    !SC_PUSH(a, &anew.blocks, SC_STR("selcage__floor")))
		return sc_no_memory(err);
	for (size_t i = 0; i < sources->n; i++) {
		struct sc_cil *top;
		int r = sc_cil_read(sources->v[i].text, a, &top, err);

		if (r < 0)
			return sc_while(err, SC_FMT,
					SC_ARG(sources->v[i].name));
		for (const struct sc_cil *f = top->first; f; f = f->next)
			if (!note_form(f, a, &anew))
				return sc_no_memory(err);
	}
	*out = anew;
	return 0;
}

bool sc_anew_has(const struct sc_anew *anew, struct sc_str name)
{
	struct sc_str block;

	if (sc_names_has(&anew->attributes, name))
		return true;
	return sc_take_until(&name, '.', &block) &&
	       sc_names_has(&anew->blocks, block);
}

/* Make @db a policy without rules; what it had stays where it was. */
static bool drop_rules(policydb_t *db)
{
	/* avtab_init() leaves the number of slots as it was */
	db->te_avtab = db->te_cond_avtab = (avtab_t){ 0 };
	db->cond_list = NULL;
	db->filename_trans = hashtab_create(NULL, NULL, 1);
	db->filename_trans_count = 0;
	return db->filename_trans != NULL;
}

struct writer {
	const struct sc_anew *anew;
	struct sc_arena *arena;
	struct sc_names opened; /* blocks written so far */
	struct sc_buf *out;
};

static bool is_word_in(const struct sc_cil *node, const struct sc_anew *anew)
{
	return !node->is_list && !node->is_string &&
	       sc_anew_has(anew, node->text);
}

/* Does any word of @list, at any depth, survive? */
static bool has_names(const struct sc_cil *list, const struct sc_anew *anew)
{
	for (const struct sc_cil *i = list->first; i; i = i->next)
		if (i->is_list ? has_names(i, anew) : !is_word_in(i, anew))
			return true;
	return false;
}

static void put(struct writer *w, const struct sc_cil *node)
{
	if (node->is_string) {
		sc_putf(w->out, "\"" SC_FMT "\"", SC_ARG(node->text));
		return;
	}
	if (!node->is_list) {
		sc_put(w->out, node->text);
		return;
	}
	sc_put(w->out, SC_STR("("));
	for (const struct sc_cil *i = node->first; i; i = i->next) {
		if (is_word_in(i, w->anew))
			continue;
		put(w, i);
		if (i->next)
			sc_put(w->out, SC_STR(" "));
	}
	sc_put(w->out, SC_STR(")"));
}

/* Statements that go as a whole with the name that they are about. */
static const struct sc_str about_one[] = {
	SC_STR("type"),       SC_STR("typeattribute"),
	SC_STR("typealias"),  SC_STR("typealiasactual"),
	SC_STR("typebounds"), SC_STR("typepermissive"),
	SC_STR("roletype"),   SC_STR("expandtypeattribute"),
};

/* Does a word of @list, at any depth, go? */
static bool has_gone(const struct sc_cil *list, const struct sc_anew *anew)
{
	for (const struct sc_cil *i = list->first; i; i = i->next)
		if (i->is_list ? has_gone(i, anew) : is_word_in(i, anew))
			return true;
	return false;
}

static bool goes(const struct sc_cil *form, const struct sc_anew *anew)
{
	/* what a module claimed when it was loaded, it claims anew */
	if (sc_cil_is(form, SC_STR("portcon")))
		return has_gone(form, anew);
	for (size_t i = 0; i < sizeof(about_one) / sizeof(about_one[0]); i++) {
		if (!sc_cil_is(form, about_one[i]))
			continue;
		for (const struct sc_cil *n = form->first->next; n; n = n->next)
			if (n->is_list ? !has_names(n, anew)
				       : is_word_in(n, anew))
				return true;
	}
	return false;
}

/* Open the block @path, "a" or "a.b", unless that was done before. */
static bool open_block(struct writer *w, struct sc_str path)
{
	const char *dot = memrchr(path.s, '.', path.n);
	size_t cut = dot ? (size_t)(dot - path.s) : 0;

	if (sc_names_has(&w->opened, path))
		return true;
	if (!dot)
		sc_putf(w->out, "(block " SC_FMT ")\n", SC_ARG(path));
	else if (open_block(w, (struct sc_str){ path.s, cut }))
		sc_putf(w->out, "(in %.*s (block %.*s))\n", (int)cut, path.s,
			(int)(path.n - cut - 1), dot + 1);
	return SC_PUSH(w->arena, &w->opened, path);
}

/* "(block a) (in a (type b))" for "(type a.b)": CIL takes no dotted name in a
 * declaration. False if the name has no dot. */
static bool put_dotted(struct writer *w, const struct sc_cil *form)
{
	struct sc_str name = sc_cil_word(form, 1);
	const char *dot = name.n ? memrchr(name.s, '.', name.n) : NULL;
	struct sc_str path;

	if (!dot)
		return false;
	path = (struct sc_str){ name.s, (size_t)(dot - name.s) };
	if (!open_block(w, path))
		w->out->failed = true;
	sc_putf(w->out, "(in " SC_FMT " (" SC_FMT " %.*s))\n", SC_ARG(path),
		SC_ARG(form->first->text), (int)(name.n - path.n - 1), dot + 1);
	return true;
}

static bool declares(const struct sc_cil *form)
{
	return sc_cil_is(form, SC_STR("type")) ||
	       sc_cil_is(form, SC_STR("typeattribute")) ||
	       sc_cil_is(form, SC_STR("typealias"));
}

static void put_form(struct writer *w, const struct sc_cil *form)
{
	bool group = sc_cil_is(form, SC_STR("typeattributeset"));

	if (goes(form, w->anew))
		return;
	if (group && form->first->next && form->first->next->next) {
		const struct sc_cil *set = form->first->next->next;

		if (set->is_list ? !has_names(set, w->anew)
				 : is_word_in(set, w->anew))
			return;
		/* an attribute that a module declares keeps its old members */
		sc_putf(w->out, "(typeattributeset " SC_FMT " ",
			SC_ARG(sc_cil_word(form, 1)));
		put(w, set);
		sc_put(w->out, SC_STR(")\n"));
		return;
	}
	if (declares(form) && put_dotted(w, form))
		return;
	put(w, form);
	sc_put(w->out, SC_STR("\n"));
	/* the compiler drops attributes that no rule uses: the rules come later
	 */
	if (sc_cil_is(form, SC_STR("typeattribute")))
		sc_putf(w->out, "(expandtypeattribute " SC_FMT " false)\n",
			SC_ARG(sc_cil_word(form, 1)));
}

int sc_names_write(policydb_t *db, const struct sc_anew *anew,
		   struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
{
	SC_CLEAN(free_p) char *text = NULL;
	SC_CLEAN(fclose_p) FILE *f = NULL;
	struct writer w = { .anew = anew, .arena = a, .out = out };
	struct sc_cil *top;
	size_t n = 0;
	int r;

	if (!drop_rules(db) || !(f = open_memstream(&text, &n)))
		return sc_no_memory(err);
	if (sepol_kernel_policydb_to_cil(f, db) != 0)
		return sc_fail(err, SC_EPOLICY,
			       "libsepol cannot write the policy's names");
	if (fflush(f) != 0)
		return sc_no_memory(err);
	r = sc_cil_read((struct sc_str){ text, n }, a, &top, err);
	if (r < 0)
		return sc_while(err, "the policy's names");
	for (const struct sc_cil *form = top->first; form; form = form->next)
		put_form(&w, form);
	return sc_buf_check(out, err);
}
