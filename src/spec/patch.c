#include "spec/patch.h"

#include "base/clean.h"
#include "base/vec.h"
#include "doc/edit.h"
#include "spec/option.h"
#include "spec/patch_check.h"

SC_VECTOR(texts, struct sc_str);

/* What is asked for comes from us, but it ends up in a file of the user's. */
static bool is_label(struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || (c && strchr("_.:,-", c))))
			return false;
	}
	return true;
}

static bool make_entry(struct sc_arena *a, const char *prefix,
		       struct sc_str value, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };

	sc_putf(&made, "%s" SC_FMT, prefix, SC_ARG(value));
	return !made.failed &&
	       sc_keep(a, (struct sc_str){ made.s, made.n }, out);
}

/* The entries that @patch wants; empty where it leaves things alone. */
struct wanted {
	const struct sc_patch *patch;
	struct sc_str type, level;
	bool has_type, has_level; /* found or put already */
};

/* What is to stand in place of @entry; empty: nothing. */
static struct sc_str replacement(struct wanted *w, struct sc_str entry)
{
	bool is_level = sc_option_security(entry).kind == SC_SECURITY_LEVEL;
	bool *has = is_level ? &w->has_level : &w->has_type;

	if (*has)
		return (struct sc_str){ "", 0 };
	*has = true;
	return is_level ? w->level : w->type;
}

/* "${A}", "la${B}": what it is named shows only once variables are known. */
static bool hides_its_name(struct sc_str entry)
{
	for (size_t i = 0; i < entry.n; i++) {
		if (entry.s[i] == '$')
			return true;
		if (entry.s[i] == '=' || entry.s[i] == ':')
			break;
	}
	return false;
}

static int refuse_entry(struct sc_edits *e, const struct sc_doc_node *entry)
{
	if (!sc_doc_is_scalar(entry))
		return sc_edit_refuse(
			e, entry,
			"an entry of security_opt must be a "
			"string: write 'label=type:NAME', without "
			"a space after the colon");
	if (hides_its_name(entry->text))
		return sc_edit_refuse(
			e, entry,
			"what this variable holds may be a label: "
			"write it out");
	return 0;
}

/* All entries as they shall be: the others, then what was not there yet. */
static int make_list(struct sc_edits *e, struct wanted *w,
		     const struct sc_doc_node *list, struct texts *out)
{
	const struct sc_doc_node *one =
		sc_doc_is(list, SC_DOC_LIST) ? list->first : NULL;

	for (; one; one = one->next) {
		struct sc_str text = one->text;
		int r = refuse_entry(e, one);

		if (r < 0)
			return r;
		if (sc_patch_replaces(w->patch, text))
			text = replacement(w, text);
		if (text.n && !sc_edit_is_quotable(text))
			return sc_edit_refuse(
				e, one,
				"this entry cannot be written "
				"again for sure: give the service "
				"a security_opt of its own");
		if (text.n && !SC_PUSH(e->a, out, text))
			return sc_no_memory(e->err);
	}
	if (w->type.n && !w->has_type && !SC_PUSH(e->a, out, w->type))
		return sc_no_memory(e->err);
	if (w->level.n && !w->has_level && !SC_PUSH(e->a, out, w->level))
		return sc_no_memory(e->err);
	return 0;
}

static int replace_list(struct sc_edits *e, struct wanted *w,
			const struct sc_doc_node *node)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct texts texts = { 0 };
	int r = make_list(e, w, node, &texts);

	if (r < 0)
		return r;
	if (node->start == node->end)
		sc_put(&made, SC_STR(" "));
	sc_edit_flow_list(&made, texts.v, texts.n);
	if (made.failed)
		return sc_no_memory(e->err);
	return sc_edit_replace(e, node->start, node->end,
			       (struct sc_str){ made.s, made.n });
}

static bool has_doubles(const struct wanted *w, const struct sc_doc_node *list)
{
	size_t types = 0, levels = 0;

	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		if (!sc_patch_replaces(w->patch, one->text))
			continue;
		if (sc_option_security(one->text).kind == SC_SECURITY_LEVEL)
			levels++;
		else
			types++;
	}
	return types > 1 || levels > 1;
}

/* Whether the brackets hold nothing but entries: one line, no comment. */
static bool is_simple_flow(const struct sc_edits *e,
			   const struct sc_doc_node *list)
{
	for (size_t i = list->start; i < list->end && i < e->text.n; i++)
		if (strchr("\r\n#&!", e->text.s[i]))
			return false;
	return true;
}

/* Change the entries of a list where they stand, and add what is missing. */
static int edit_list(struct sc_edits *e, struct wanted *w,
		     const struct sc_doc_node *list)
{
	struct sc_str missing[2];
	size_t n = 0;

	if (list->style == SC_DOC_FLOW && has_doubles(w, list)) {
		if (is_simple_flow(e, list))
			return replace_list(e, w, list);
		return sc_edit_refuse(e, list,
				      "more than one label in brackets: leave "
				      "one");
	}
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		int r = refuse_entry(e, one);

		if (r >= 0 && sc_patch_replaces(w->patch, one->text)) {
			struct sc_str text = replacement(w, one->text);

			if (text.n == 0)
				r = sc_edit_drop_item(e, one);
			else if (!sc_str_eq(text, one->text))
				r = sc_edit_scalar(e, one, text);
		}
		if (r < 0)
			return r;
	}
	if (w->type.n && !w->has_type)
		missing[n++] = w->type;
	if (w->level.n && !w->has_level)
		missing[n++] = w->level;
	return sc_edit_append(e, list, missing, n);
}

static int patch_labels(struct sc_edits *e, const struct sc_patch *patch,
			const struct sc_doc_node *service)
{
	const struct sc_doc_node *list = sc_doc_get(service, "security_opt");
	struct wanted w = { .patch = patch };
	struct texts texts = { 0 };
	int r;

	if (patch->label_type.n == 0 && patch->label_level.n == 0)
		return 0;
	if ((patch->label_type.n &&
	     !make_entry(e->a, "label=type:", patch->label_type, &w.type)) ||
	    (patch->label_level.n &&
	     !make_entry(e->a, "label=level:", patch->label_level, &w.level)))
		return sc_no_memory(e->err);
	if (list && list->kind != SC_DOC_LIST && list->kind != SC_DOC_NULL)
		return sc_edit_refuse(e, list,
				      "security_opt must be a list: write "
				      "'- label=type:NAME' on a line of its "
				      "own");
	if (!list || list->copied) {
		r = make_list(e, &w, list, &texts);
		return r < 0 ? r
			     : sc_edit_put_list(e, service, "security_opt",
						texts.v, texts.n);
	}
	if (list->alias || list->kind == SC_DOC_NULL ||
	    (list->n == 0 && is_simple_flow(e, list)))
		return replace_list(e, &w, list);
	return edit_list(e, &w, list);
}

/* "a:/b:ro" in its parts; colons inside ${...} part nothing. */
static size_t split_mount(struct sc_str text, struct sc_str parts[4])
{
	size_t n = 0, start = 0, open = 0;

	for (size_t i = 0; i <= text.n && n < 4; i++) {
		if (i < text.n && text.s[i] == '{' && i && text.s[i - 1] == '$')
			open++;
		else if (i < text.n && text.s[i] == '}' && open)
			open--;
		if (i < text.n && (open || text.s[i] != ':'))
			continue;
		parts[n++] = (struct sc_str){ text.s + start, i - start };
		start = i + 1;
	}
	return n;
}

/* Options with z or Z as @letter says, in the place of what was there. */
static void put_options(struct sc_buf *out, struct sc_str options, char letter)
{
	bool is_there = false;
	const char *between = "";
	struct sc_str word;

	while (sc_take_part(&options, ',', &word)) {
		bool is_relabel = sc_str_eq(word, SC_STR("z")) ||
				  sc_str_eq(word, SC_STR("Z"));

		if (is_relabel && is_there)
			continue;
		sc_putf(out, "%s", between);
		between = ",";
		if (is_relabel)
			sc_putf(out, "%c", letter);
		else
			sc_put(out, word);
		is_there |= is_relabel;
	}
	if (!is_there)
		sc_putf(out, "%s%c", between, letter);
}

static int patch_short_mount(struct sc_edits *e, const struct sc_doc_node *node,
			     const struct sc_mount *mount)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	char letter = mount->relabel == SC_RELABEL_PRIVATE ? 'Z' : 'z';
	struct sc_str parts[4], text;
	size_t n = split_mount(node->text, parts);

	if (n == 1)
		return sc_edit_refuse(e, node,
				      "a volume without a name cannot have "
				      "':%c': give it one",
				      letter);
	/* else a variable has colons in it, and we'd put ours anywhere */
	if (n > 3 || !sc_str_eq(parts[1], mount->target) ||
	    (n == 3 && memchr(parts[2].s, '$', parts[2].n)))
		return sc_edit_refuse(e, node,
				      "a variable hides what is what: add "
				      "':%c' by hand",
				      letter);
	sc_putf(&made, SC_FMT ":" SC_FMT ":", SC_ARG(parts[0]),
		SC_ARG(parts[1]));
	put_options(&made, n == 3 ? parts[2] : (struct sc_str){ "", 0 },
		    letter);
	if (made.failed)
		return sc_no_memory(e->err);
	text = (struct sc_str){ made.s, made.n };
	return sc_str_eq(text, node->text) ? 0 : sc_edit_scalar(e, node, text);
}

static int patch_long_mount(struct sc_edits *e, const struct sc_doc_node *node,
			    const struct sc_mount *mount)
{
	const struct sc_doc_node *bind = sc_doc_get(node, "bind");
	const struct sc_doc_node *selinux = sc_doc_get(bind, "selinux");
	const char *letter = mount->relabel == SC_RELABEL_PRIVATE ? "Z" : "z";
	struct sc_str text = { letter, 1 };

	if (mount->kind != SC_MOUNT_BIND)
		return sc_edit_refuse(e, node,
				      "the long form has no '%s' for a volume: "
				      "write 'NAME:" SC_FMT ":%s'",
				      letter, SC_ARG(mount->target), letter);
	if (!bind)
		return sc_edit_put_key(e, node, "bind", "selinux", letter);
	if (selinux && sc_str_eq(selinux->text, text))
		return 0;
	if (bind->kind != SC_DOC_MAP || bind->alias || bind->copied ||
	    (selinux && (selinux->copied || !sc_doc_is_scalar(selinux))))
		return sc_edit_refuse(
			e, bind, "add 'selinux: %s' to it by hand", letter);
	return selinux ? sc_edit_scalar(e, selinux, text)
		       : sc_edit_put_key(e, bind, "selinux", NULL, letter);
}

static int patch_mount(struct sc_edits *e, const struct sc_doc_node *node,
		       const struct sc_mount *mount)
{
	if (mount->relabel == SC_RELABEL_NONE)
		return sc_fail(e->err, SC_EREFUSED,
			       "a mount is to be patched with nothing");
	if (node->copied || node->alias)
		return sc_edit_refuse(e, node,
				      "this mount comes out of an alias or a "
				      "merge key: write it out in the service");
	return node->kind == SC_DOC_MAP ? patch_long_mount(e, node, mount)
					: patch_short_mount(e, node, mount);
}

/* With !reset the items have other numbers than the reader gave them. */
static bool has_tags(const struct sc_doc_node *list)
{
	bool has = list->tag.n > 0;

	for (const struct sc_doc_node *one = list->first; one; one = one->next)
		has |= one->tag.n > 0;
	return has;
}

static int patch_mounts(struct sc_edits *e, const struct sc_patch *patch,
			const struct sc_doc_node *service)
{
	const struct sc_doc_node *list = sc_doc_get(service, "volumes");
	const struct sc_mount *mount;
	size_t done = 0, next = 0;

	if (patch->n_mounts == 0)
		return 0;
	if (!sc_doc_is(list, SC_DOC_LIST))
		return sc_fail(e->err, SC_ENOTFOUND,
			       "service '" SC_FMT "' has no volumes",
			       SC_ARG(patch->service));
	if (has_tags(list))
		return sc_edit_refuse(e, list,
				      "volumes with tags: add ':Z' by hand");
	for (const struct sc_doc_node *one = list->first; one;
	     one = one->next) {
		int r = sc_patch_find_mount(patch, one, e->a, &next, &mount,
					    e->err);

		if (r >= 0 && mount) {
			r = patch_mount(e, one, mount);
			done++;
		}
		if (r < 0)
			return r;
	}
	if (done != patch->n_mounts)
		return sc_fail(e->err, SC_ENOTFOUND,
			       "service '" SC_FMT
			       "' has not all of the mounts to be patched",
			       SC_ARG(patch->service));
	return 0;
}

static int patch_service(struct sc_edits *e, const struct sc_doc_node *services,
			 const struct sc_patch *patch)
{
	const struct sc_doc_node *service = services->first;
	int r;

	while (service && !sc_str_eq(service->key, patch->service))
		service = service->next;
	if (!service)
		return sc_fail(e->err, SC_ENOTFOUND,
			       "no service '" SC_FMT "' in the file",
			       SC_ARG(patch->service));
	if (!is_label(patch->label_type) || !is_label(patch->label_level))
		return sc_fail(e->err, SC_EREFUSED,
			       "service '" SC_FMT "': '" SC_FMT "' and '" SC_FMT
			       "' are no label",
			       SC_ARG(patch->service),
			       SC_ARG(patch->label_type),
			       SC_ARG(patch->label_level));
	if (service->kind != SC_DOC_MAP)
		return sc_edit_refuse(e, service,
				      "a service must be a mapping");
	if (service->alias || service->copied)
		return sc_edit_refuse(e, service,
				      "the service is but an alias of another: "
				      "write it out");
	r = patch_labels(e, patch, service);
	return r < 0 ? r : patch_mounts(e, patch, service);
}

static int read_compose(struct sc_str text, struct sc_arena *a,
			struct sc_doc *out, struct sc_error *err)
{
	struct sc_doc doc;
	int r = sc_doc_read_yaml(text, a, &doc, err);

	if (r < 0)
		return r;
	if (doc.second_line ||
	    !sc_doc_is(sc_doc_get(doc.root, "services"), SC_DOC_MAP))
		return sc_fail(err, SC_ESYNTAX,
			       "not a compose file: it has no mapping "
			       "'services', or a second document");
	*out = doc;
	return 0;
}

static int check_twice(const struct sc_patch *patches, size_t n,
		       struct sc_error *err)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (sc_str_eq(patches[i].service, patches[j].service))
				return sc_fail(err, SC_EREFUSED,
					       "service '" SC_FMT
					       "' is to be patched twice",
					       SC_ARG(patches[i].service));
	return 0;
}

int sc_spec_patch(struct sc_str text, const struct sc_patch *patches, size_t n,
		  struct sc_arena *a, struct sc_buf *out, struct sc_error *err)
{
	struct sc_edits e = { .a = a, .text = text, .err = err };
	struct sc_doc old = { 0 }, new = { 0 };
	struct sc_str made = { "", 0 };
	int r = check_twice(patches, n, err);

	if (r >= 0)
		r = read_compose(text, a, &old, err);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = patch_service(&e, sc_doc_get(old.root, "services"),
				  &patches[i]);
	if (r >= 0)
		r = sc_edit_apply(&e, &made);
	if (r < 0)
		return r;
	r = read_compose(made, a, &new, err);
	if (r == SC_ESYNTAX)
		return sc_fail(err, SC_EREFUSED,
			       "the labels cannot be put in for sure: write "
			       "them by hand");
	if (r >= 0)
		r = sc_patch_check(old.root, new.root, patches, n, a, err);
	if (r < 0)
		return r;
	sc_put(out, made);
	return sc_buf_check(out, err);
}
