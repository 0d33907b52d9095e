#include "base/clean.h"
#include "doc/conf.h"
#include "walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Down by the first keys, or by the last. */
static const struct sc_doc_node *descend(const struct sc_doc_node *node,
					 uint8_t turns,
					 struct sc_conf_place *place,
					 struct sc_str keys[SC_CONF_DEPTH])
{
	for (; node->kind == SC_DOC_MAP && node->n && place->n < 8;
	     turns >>= 1) {
		node = turns & 1 ? node->last : node->first;
		keys[place->n++] = node->key;
	}
	return node;
}

static void check(struct sc_str text, const struct sc_conf_place *place,
		  struct sc_arena *a)
{
	const struct sc_conf_value value = { .kind = SC_DOC_STRING,
					     .text = SC_STR("/x") };
	struct sc_error err = { 0 };
	struct sc_str out, again;
	struct sc_doc doc;

	if (sc_conf_set(text, place, &value, a, &out, &err) < 0) {
		if (!err.msg[0])
			abort();
		return;
	}
	/* what was changed says so, and is not changed again */
	if (sc_conf_read(place->form, out, a, &doc, &err) < 0 ||
	    !sc_str_eq(sc_conf_find(&doc, place)->text, value.text) ||
	    sc_conf_set(out, place, &value, a, &again, &err) < 0 ||
	    again.s != out.s)
		abort();
}

/* One that is added goes out again and leaves the text as it was. */
static void check_inverse(struct sc_str text, struct sc_conf_place place,
			  struct sc_str keys[SC_CONF_DEPTH], struct sc_arena *a)
{
	const struct sc_conf_value value = { .kind = SC_DOC_BOOL,
					     .text = SC_STR("true") };
	struct sc_error err = { 0 };
	struct sc_str out, back;

	keys[place.n - 1] = SC_STR("selcage_new");
	if (sc_conf_set(text, &place, &value, a, &out, &err) < 0)
		return;
	if (sc_conf_remove(out, &place, a, &back, &err) < 0)
		return; /* such as of a line that is broken in two */
	if (!sc_str_eq(text, back))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str keys[SC_CONF_DEPTH];
	struct sc_conf_place place = { .keys = keys };
	struct sc_error err = { 0 };
	struct sc_str text;
	struct sc_doc doc;

	if (size < 2)
		return 0;
	place.form = (enum sc_conf_form)(data[0] % (SC_CONF_UNIT + 1));
	text = (struct sc_str){ (const char *)data + 2, size - 2 };
	if (sc_conf_read(place.form, text, &a, &doc, &err) < 0) {
		if (!err.msg[0])
			abort();
		return 0;
	}
	walk(doc.root, 1, NULL, NULL);
	(void)descend(doc.root, data[1], &place, keys);
	if (!place.n)
		return 0;
	check(text, &place, &a);
	check_inverse(text, place, keys, &a);
	return 0;
}
