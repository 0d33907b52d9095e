#include "base/clean.h"
#include "base/vec.h"
#include "doc/conf.h"
#include "host/curing.h"

#include <strings.h>

/* A word of the kernel's line that must be there, or must not. */
struct word {
	struct sc_str key;
	struct sc_str value; /* empty: the word goes */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Is it "KEY=..." or KEY alone? */
static bool is_word(struct sc_str v, struct sc_str key)
{
	return sc_take_prefix(&v, key) && (!v.n || v.s[0] == '=');
}

/* The next word of @in with the blanks in front of it. */
static bool take_word(struct sc_str *in, struct sc_str *blanks,
		      struct sc_str *word)
{
	*blanks = (struct sc_str){ in->s, 0 };
	while (in->n && is_blank(*in->s)) {
		blanks->n++;
		sc_str_drop(in, 1);
	}
	*word = (struct sc_str){ in->s, 0 };
	while (in->n && !is_blank(*in->s)) {
		word->n++;
		sc_str_drop(in, 1);
	}
	return word->n > 0;
}

/* @line with @w in it as it should be: the first one holds, others go. */
static void put_line(struct sc_buf *out, struct sc_str line,
		     const struct word *w, bool may_add)
{
	bool is_there = !w->value.n, is_dense = !line.n || !is_blank(*line.s);
	struct sc_str blanks, one;

	while (take_word(&line, &blanks, &one)) {
		bool is_it = is_word(one, w->key);

		if (is_it && is_there)
			continue;
		if (out->n || !is_dense)
			sc_put(out, blanks);
		if (is_it)
			sc_putf(out, SC_FMT "=" SC_FMT, SC_ARG(w->key),
				SC_ARG(w->value));
		else
			sc_put(out, one);
		is_there = is_there || is_it;
	}
	if (!is_there && may_add)
		sc_putf(out, "%s" SC_FMT "=" SC_FMT, out->n ? " " : "",
			SC_ARG(w->key), SC_ARG(w->value));
	sc_put(out, blanks);
}

/* ---- files */

static bool has_word(struct sc_str line, struct sc_str key)
{
	struct sc_str blanks, one;

	while (take_word(&line, &blanks, &one))
		if (is_word(one, key))
			return true;
	return false;
}

/* GRUB_CMDLINE_LINUX and those like it; what is missing goes into the first. */
static int edit_grub(struct sc_curing *c, struct sc_file *f,
		     const struct word *w)
{
	struct sc_doc doc = { 0 };
	int r = sc_conf_read(SC_CONF_KEYS, f->bytes, c->a, &doc, c->err);

	for (const struct sc_doc_node *n = r < 0 ? NULL : doc.root->first;
	     n && r == 0; n = n->next) {
		SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
		const struct sc_conf_place place = { SC_CONF_KEYS, &n->key, 1 };
		struct sc_conf_value v = { .kind = SC_DOC_STRING };
		bool is_main = sc_str_eq(n->key, SC_STR("GRUB_CMDLINE_LINUX"));

		if (!is_main &&
		    (!sc_glob(SC_STR("GRUB_CMDLINE_LINUX*"), n->key) ||
		     !has_word(n->text, w->key)))
			continue;
		put_line(&made, n->text, w, is_main);
		if (made.failed ||
		    !sc_keep(c->a, (struct sc_str){ made.s, made.n }, &v.text))
			return sc_no_memory(c->err);
		r = sc_conf_set(f->bytes, &place, &v, c->a, &f->bytes, c->err);
	}
	return r;
}

/* Pass over @keyword, in front of the words; NULL: there is none. */
static bool take_keyword(struct sc_str *line, const char *keyword)
{
	struct sc_str blanks, first;

	if (!keyword)
		return line->n > 0;
	return take_word(line, &blanks, &first) && first.n == strlen(keyword) &&
	       strncasecmp(first.s, keyword, first.n) == 0;
}

/* "options ..." of an entry, "append ..." of extlinux; or the only line. */
static int edit_lines(struct sc_curing *c, struct sc_file *f,
		      const struct word *w, const char *keyword)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	struct sc_str rest = f->bytes, line, words;

	while (rest.n) {
		SC_CLEAN(sc_buf_free) struct sc_buf one = { 0 };
		bool has_end = memchr(rest.s, '\n', rest.n) != NULL;

		(void)sc_take_part(&rest, '\n', &line);
		words = line;
		if (take_keyword(&words, keyword)) {
			put_line(&one, words, w, true);
			line.n -= words.n;
		}
		sc_put(&made, line);
		if (one.n && !is_blank(one.s[0]) && keyword)
			sc_put(&made, SC_STR(" "));
		sc_put(&made, (struct sc_str){ one.s, one.n });
		if (has_end)
			sc_put(&made, SC_STR("\n"));
		made.failed = made.failed || one.failed;
	}
	return !made.failed && sc_keep(c->a, (struct sc_str){ made.s, made.n },
				       &f->bytes)
		       ? 0
		       : sc_no_memory(c->err);
}

/* grub.cfg and the like are made by a program, out of the others. */
static int make_anew(struct sc_curing *c, struct sc_str file)
{
	static const char debian[] = "/usr/sbin/update-grub",
			  fedora[] = "/usr/sbin/grub2-mkconfig";
	const struct sc_machine *m = c->machine;

	if (!c->live)
		return sc_curing_note(c,
				      "make '" SC_FMT "' anew in the image: "
				      "update-grub, or grub2-mkconfig",
				      SC_ARG(file))
			       ? 0
			       : sc_no_memory(c->err);
	if (sc_machine_has(m, debian))
		return sc_curing_make(c, "%s", debian);
	if (sc_machine_has(m, fedora))
		return sc_curing_make(c, "%s -o " SC_FMT, fedora, SC_ARG(file));
	return sc_fail(c->err, SC_EREFUSED,
		       "nothing here makes '" SC_FMT
		       "' anew: change it by hand",
		       SC_ARG(file));
}

static int edit_file(struct sc_curing *c, struct sc_str file,
		     const struct word *w)
{
	struct sc_file_change *f;

	if (sc_glob(SC_STR("*/grub.cfg"), file))
		return make_anew(c, file);
	if (sc_glob(SC_STR("*/grubenv"), file))
		return sc_fail(c->err, SC_EREFUSED,
			       "'" SC_FMT "' is changed with grub2-editenv",
			       SC_ARG(file));
	f = sc_curing_file(c, file);
	if (!f)
		return (int)c->err->code;
	if (sc_glob(SC_STR("/etc/default/grub*"), file))
		return edit_grub(c, &f->after, w);
	if (sc_glob(SC_STR("*/loader/entries/*"), file))
		return edit_lines(c, &f->after, w, "options");
	if (sc_glob(SC_STR("*/extlinux.conf"), file))
		return edit_lines(c, &f->after, w, "append");
	if (sc_glob(SC_STR("*/cmdline"), file))
		return edit_lines(c, &f->after, w, NULL);
	return sc_fail(c->err, SC_EREFUSED, "'" SC_FMT "' is changed by hand",
		       SC_ARG(file));
}

/* Does each line of @file say it already? */
static bool is_said(const struct sc_boot_lines *lines, struct sc_str file,
		    const struct word *w)
{
	struct sc_str blanks, one, rest, value;

	for (size_t i = 0; i < lines->n; i++) {
		bool has = false, right = false;

		if (!sc_str_eq(lines->v[i].file, file))
			continue;
		rest = lines->v[i].text;
		while (take_word(&rest, &blanks, &one)) {
			value = one;
			if (!is_word(one, w->key))
				continue;
			sc_str_drop(&value, w->key.n);
			right = sc_take_prefix(&value, SC_STR("=")) &&
				sc_str_eq(value, w->value);
			has = true;
		}
		if (w->value.n ? !right : has)
			return false;
	}
	return true;
}

static bool has_change(struct sc_curing *c)
{
	const struct sc_cure_step *s = sc_curing_step(c);

	for (size_t i = 0; s && i < s->step.files.n; i++)
		if (!sc_file_same(&s->step.files.v[i].before,
				  &s->step.files.v[i].after))
			return true;
	return false;
}

int sc_cure_kernel(struct sc_curing *c)
{
	const struct sc_boot_lines *lines = &c->machine->boot;
	struct word w = { .key = c->cure.key, .value = c->cure.value };
	struct sc_str last = { 0 };
	int r = 0;

	if (sc_str_eq(w.value, SC_STR("-")))
		w.value = SC_STR("");
	if (c->machine->ostree)
		return sc_fail(c->err, SC_EREFUSED,
			       "this host's line is changed with rpm-ostree "
			       "kargs");
	/* those that others are made from come first */
	for (int made = 0; made < 2; made++)
		for (size_t i = 0; r == 0 && i < lines->n; i++) {
			struct sc_str file = lines->v[i].file;
			bool is_made = sc_glob(SC_STR("*/grub.cfg"), file);

			if (lines->v[i].running || is_made != made ||
			    sc_str_eq(last, file))
				continue;
			last = file;
			/* what holds from the next boot on is not done twice */
			if (!is_made || has_change(c) ||
			    !is_said(lines, file, &w))
				r = edit_file(c, file, &w);
		}
	return r == 0 && !last.n
		       ? sc_fail(c->err, SC_EREFUSED,
				 "no file of a boot loader is found: change "
				 "the kernel's line where it comes from")
		       : r;
}
