#include "spec/patch_check.h"

#include "base/clean.h"
#include "spec/option.h"

bool sc_patch_replaces(const struct sc_patch *patch, struct sc_str entry)
{
	switch (sc_option_security(entry).kind) {
	case SC_SECURITY_TYPE:
	case SC_SECURITY_DISABLE:
		return patch->label_type.n > 0;
	case SC_SECURITY_LEVEL:
		return patch->label_level.n > 0;
	case SC_SECURITY_LABEL:
	case SC_SECURITY_NO_NEW_PRIVS:
	case SC_SECURITY_OTHER:
		break;
	}
	return false;
}

int sc_patch_find_mount(const struct sc_patch *patch,
			const struct sc_doc_node *node, struct sc_arena *a,
			size_t *next, const struct sc_mount **out,
			struct sc_error *err)
{
	struct sc_str path;

	*out = NULL;
	if (patch->n_mounts == 0)
		return 0;
	if (!sc_doc_path(node, a, &path))
		return sc_no_memory(err);
	for (size_t i = 0; i < patch->n_mounts; i++) {
		size_t k = (*next + i) % patch->n_mounts;

		if (!sc_str_eq(patch->mounts[k].place.path, path))
			continue;
		*out = &patch->mounts[k];
		*next = k + 1;
		break;
	}
	return 0;
}

struct check {
	const struct sc_patch *patches;
	size_t n;
	struct sc_arena *a;
	struct sc_error *err;
};

/* What stands at @old would become @what and must not. */
static int fail_at(const struct check *c, const struct sc_doc_node *old,
		   const struct sc_doc_node *what)
{
	struct sc_str path;

	if (!sc_doc_path(what, c->a, &path))
		return sc_no_memory(c->err);
	(void)sc_fail(c->err, SC_EREFUSED,
		      "line %u: '" SC_FMT
		      "' would change as well, through an alias or a merge "
		      "key: write out what is shared there, then try again",
		      old->line, SC_ARG(path));
	c->err->line = old->line;
	return SC_EREFUSED;
}

static int check_same(const struct check *c, const struct sc_doc_node *old,
		      const struct sc_doc_node *new)
{
	return sc_doc_same(&old, &new) ? 0 : fail_at(c, old, new);
}

static const struct sc_doc_node *skip_key(const struct sc_doc_node *node,
					  const char *key)
{
	while (node && sc_str_eq(node->key, sc_view(key)))
		node = node->next;
	return node;
}

/* Two mappings are the same but for what stands under @key. */
static int check_rest(const struct check *c, const struct sc_doc_node *old,
		      const struct sc_doc_node *new, const char *key)
{
	const struct sc_doc_node *x, *y;
	int r;

	if (old->kind != SC_DOC_MAP || new->kind != SC_DOC_MAP)
		return fail_at(c, old, new);
	x = skip_key(old->first, key);
	y = skip_key(new->first, key);
	while (x && y) {
		r = check_same(c, x, y);
		if (r < 0)
			return r;
		x = skip_key(x->next, key);
		y = skip_key(y->next, key);
	}
	return x || y ? fail_at(c, old, new) : 0;
}

static const struct sc_doc_node *next_kept(const struct sc_patch *patch,
					   const struct sc_doc_node *entry)
{
	while (entry && sc_doc_is_scalar(entry) &&
	       sc_patch_replaces(patch, entry->text))
		entry = entry->next;
	return entry;
}

static size_t count(const struct sc_doc_node *list, enum sc_security kind,
		    struct sc_str value)
{
	size_t n = 0;

	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		struct sc_security_option o = sc_option_security(one->text);

		n += o.kind == kind && !o.has_colon &&
		     sc_str_eq(o.value, value);
	}
	return n;
}

/*
 * The other entries are what they were, the labels what they should be. @old is
 * the service where it has no list yet.
 */
static int check_labels(const struct check *c, const struct sc_patch *patch,
			const struct sc_doc_node *old,
			const struct sc_doc_node *new)
{
	const struct sc_doc_node *x, *y;
	size_t kept = 0;
	int r;

	if (!sc_doc_is(new, SC_DOC_LIST))
		return fail_at(c, old, new);
	x = next_kept(patch, sc_doc_is(old, SC_DOC_LIST) ? old->first : NULL);
	y = next_kept(patch, new->first);
	for (; x && y; kept++) {
		r = check_same(c, x, y);
		if (r < 0)
			return r;
		x = next_kept(patch, x->next);
		y = next_kept(patch, y->next);
	}
	if (x || y)
		return fail_at(c, old, new);
	if (patch->label_type.n) {
		if (count(new, SC_SECURITY_TYPE, patch->label_type) != 1)
			return fail_at(c, old, new);
		kept++;
	}
	if (patch->label_level.n) {
		if (count(new, SC_SECURITY_LEVEL, patch->label_level) != 1)
			return fail_at(c, old, new);
		kept++;
	}
	return kept == new->n ? 0 : fail_at(c, old, new);
}

/* What stands behind the last colon; empty without one. */
static struct sc_str last_part(struct sc_str text)
{
	const char *colon = text.n ? memrchr(text.s, ':', text.n) : NULL;
	size_t start = colon ? (size_t)(colon - text.s) + 1 : text.n;

	return (struct sc_str){ text.s + start, text.n - start };
}

/* "a:/b" of "a:/b:Z", "a:/b:ro" of "a:/b:ro,z". */
static int put_unlabelled(const struct check *c, struct sc_str text,
			  struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_str options = last_part(text), word;
	size_t before = text.n - options.n, n;

	sc_put(&made, (struct sc_str){ text.s, before });
	n = made.n;
	while (sc_take_part(&options, ',', &word)) {
		if (sc_str_eq(word, SC_STR("z")) ||
		    sc_str_eq(word, SC_STR("Z")))
			continue;
		sc_putf(&made, "%s" SC_FMT, made.n == n ? "" : ",",
			SC_ARG(word));
	}
	if (made.n == n && n && made.s[n - 1] == ':')
		made.n--; /* the colon of options that were only z or Z */
	return !made.failed && sc_keep(c->a, (struct sc_str){ made.s, made.n },
				       out)
		       ? 0
		       : sc_no_memory(c->err);
}

static int check_short_mount(const struct check *c, enum sc_relabel want,
			     const struct sc_doc_node *old,
			     const struct sc_doc_node *new)
{
	struct sc_mount found = { 0 };
	struct sc_str x = { "", 0 }, y = { "", 0 };
	int r = put_unlabelled(c, old->text, &x);

	if (r >= 0)
		r = put_unlabelled(c, new->text, &y);
	if (r < 0)
		return r;
	sc_option_mount(last_part(new->text), &found);
	return sc_str_eq(x, y) && found.relabel == want ? 0
							: fail_at(c, old, new);
}

static int check_mount(const struct check *c, enum sc_relabel want,
		       const struct sc_doc_node *old,
		       const struct sc_doc_node *new)
{
	const struct sc_doc_node *bind = sc_doc_get(new, "bind");
	const struct sc_doc_node *before = sc_doc_get(old, "bind");
	const struct sc_doc_node empty = { .kind = SC_DOC_MAP,
					   .line = old->line };
	const struct sc_doc_node *selinux = sc_doc_get(bind, "selinux");
	int r;

	if (old->kind == SC_DOC_STRING && new->kind == SC_DOC_STRING)
		return check_short_mount(c, want, old, new);
	r = check_rest(c, old, new, "bind");
	if (r < 0)
		return r;
	if (!selinux || selinux->text.n != 1 ||
	    selinux->text.s[0] != (want == SC_RELABEL_PRIVATE ? 'Z' : 'z'))
		return fail_at(c, old, new);
	if (!sc_doc_is(before, SC_DOC_MAP))
		before = &empty;
	return check_rest(c, before, bind, "selinux");
}

static int check_volumes(const struct check *c, const struct sc_patch *patch,
			 const struct sc_doc_node *old,
			 const struct sc_doc_node *new)
{
	const struct sc_doc_node *x, *y;
	size_t next = 0;

	if (old->kind != SC_DOC_LIST || new->kind != SC_DOC_LIST ||
	    old->n != new->n)
		return check_same(c, old, new);
	for (x = old->first, y = new->first; x &&y; x = x->next, y = y->next) {
		const struct sc_mount *mount;
		int r = sc_patch_find_mount(patch, y, c->a, &next, &mount,
					    c->err);

		if (r < 0)
			return r;
		r = mount ? check_mount(c, mount->relabel, x, y)
			  : check_same(c, x, y);
		if (r < 0)
			return r;
	}
	return 0;
}

static int check_service(const struct check *c, const struct sc_patch *patch,
			 const struct sc_doc_node *old,
			 const struct sc_doc_node *new)
{
	bool has_label = patch->label_type.n || patch->label_level.n;
	const char *skipped = has_label ? "security_opt" : "";
	const struct sc_doc_node *x, *y;
	int r = 0;

	x = skip_key(old->first, skipped);
	y = skip_key(new->first, skipped);
	while (x && y && r >= 0) {
		bool is_volumes = sc_str_eq(x->key, SC_STR("volumes")) &&
				  sc_str_eq(y->key, SC_STR("volumes"));

		r = is_volumes ? check_volumes(c, patch, x, y)
			       : check_same(c, x, y);
		x = skip_key(x->next, skipped);
		y = skip_key(y->next, skipped);
	}
	if (r < 0)
		return r;
	if (x || y)
		return fail_at(c, old, new);
	if (!has_label)
		return 0;
	x = sc_doc_get(old, "security_opt");
	y = sc_doc_get(new, "security_opt");
	return y ? check_labels(c, patch, x ? x : old, y)
		 : fail_at(c, old, new);
}

static const struct sc_patch *find_patch(const struct check *c,
					 struct sc_str service)
{
	for (size_t i = 0; i < c->n; i++)
		if (sc_str_eq(c->patches[i].service, service))
			return &c->patches[i];
	return NULL;
}

int sc_patch_check(const struct sc_doc_node *old, const struct sc_doc_node *new,
		   const struct sc_patch *patches, size_t n, struct sc_arena *a,
		   struct sc_error *err)
{
	const struct check c = { patches, n, a, err };
	const struct sc_doc_node *x = sc_doc_get(old, "services");
	const struct sc_doc_node *y = sc_doc_get(new, "services");
	int r = check_rest(&c, old, new, "services");

	if (r < 0)
		return r;
	if (!x || !y || x->kind != y->kind || x->n != y->n)
		return fail_at(&c, old, new);
	for (x = x->first, y = y->first; x && y; x = x->next, y = y->next) {
		const struct sc_patch *patch = find_patch(&c, x->key);

		r = patch && sc_str_eq(x->key, y->key)
			    ? check_service(&c, patch, x, y)
			    : check_same(&c, x, y);
		if (r < 0)
			return r;
	}
	return 0;
}
