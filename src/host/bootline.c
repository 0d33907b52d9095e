#include "host/bootline.h"

#include "base/buf.h"
#include "base/vec.h"
#include "host/assign.h"

#include <strings.h>

#define LINES_MAX 4096 /* of all files together */

static int add(struct sc_boot_line one, struct sc_arena *a,
	       struct sc_boot_lines *out, struct sc_error *err)
{
	if (out->n >= LINES_MAX) {
		out->trouble = SC_STR("more lines of kernels than we read");
		return 0;
	}
	sc_cmdline_read(one.text, &one.says);
	return SC_PUSH(a, out, one) ? 0 : sc_no_memory(err);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool take_word(struct sc_str *in, struct sc_str *word)
{
	while (in->n && is_blank(*in->s))
		sc_str_drop(in, 1);
	word->s = in->s;
	while (in->n && !is_blank(*in->s))
		sc_str_drop(in, 1);
	word->n = (size_t)(in->s - word->s);
	return word->n > 0;
}

/* What is behind the first word of a line of this form; false: no such line. */
static bool take_line(struct sc_str line, enum sc_boot_form form,
		      struct sc_str *out)
{
	struct sc_str word, kernel;

	if (form == SC_BOOT_ENV) {
		*out = line;
		return sc_take_prefix(out, SC_STR("kernelopts="));
	}
	if (!take_word(&line, &word))
		return false;
	*out = line;
	if (form == SC_BOOT_BLS)
		return sc_str_eq(word, SC_STR("options"));
	if (form == SC_BOOT_LINUX)
		return word.n == 6 && strncasecmp(word.s, "append", 6) == 0;
	if (!sc_glob(SC_STR("linux*"), word) || !take_word(&line, &kernel))
		return false;
	*out = line;
	return sc_str_eq(word, SC_STR("linux")) ||
	       sc_str_eq(word, SC_STR("linux16")) ||
	       sc_str_eq(word, SC_STR("linuxefi"));
}

static int read_shell(struct sc_str text, struct sc_str file,
		      struct sc_arena *a, struct sc_boot_lines *out,
		      struct sc_error *err)
{
	struct sc_assign_walk at = { .rest = text };
	struct sc_assign var;
	int r = 0;

	while (r == 0 && sc_assign_next(&at, SC_ASSIGN_SHELL, a, &var)) {
		if (!sc_glob(SC_STR("GRUB_CMDLINE_LINUX*"), var.name))
			continue;
		r = add((struct sc_boot_line){ .file = file,
					       .line = var.line,
					       .text = var.value,
					       .part = true },
			a, out, err);
	}
	return at.no_memory ? sc_no_memory(err) : r;
}

int sc_boot_text_read(struct sc_str text, enum sc_boot_form form,
		      struct sc_str file, struct sc_arena *a,
		      struct sc_boot_lines *out, struct sc_error *err)
{
	struct sc_boot_line one = { .file = file };
	struct sc_str line;
	int r = 0;

	if (form == SC_BOOT_SHELL)
		return read_shell(text, file, a, out, err);
	while (r == 0 && sc_take_part(&text, '\n', &line)) {
		one.line++;
		one.part = form == SC_BOOT_ENV;
		one.text = line;
		if (form == SC_BOOT_BARE && !line.n)
			continue;
		if (form == SC_BOOT_BARE || take_line(line, form, &one.text))
			r = add(one, a, out, err);
	}
	return r;
}

/* ---- where they are */

static int read_one(const struct sc_host *h, const char *path,
		    enum sc_boot_form form, struct sc_arena *a,
		    struct sc_boot_lines *out, struct sc_error *err)
{
	struct sc_str text = { 0 }, file;
	struct sc_error why;
	size_t before = out->n;
	int r = sc_host_read(h, path, a, &text, &why);

	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r == SC_ENOTFOUND)
		return 0;
	if (r < 0) {
		if (!out->trouble.n &&
		    !sc_keep(a, sc_view(why.msg), &out->trouble))
			return sc_no_memory(err);
		return 0;
	}
	if (!sc_keep(a, sc_view(path), &file))
		return sc_no_memory(err);
	r = sc_boot_text_read(text, form, file, a, out, err);
	for (size_t i = before; i < out->n; i++)
		out->v[i].running = strcmp(path, "/proc/cmdline") == 0;
	return r;
}

static int read_folder(const struct sc_host *h, const char *folder,
		       const char *pattern, enum sc_boot_form form,
		       struct sc_arena *a, struct sc_boot_lines *out,
		       struct sc_error *err)
{
	struct sc_names names = { 0 };
	struct sc_error why;
	struct sc_str path;
	int r = sc_host_list(h, folder, 0, a, &names, &why);

	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	if (r < 0 && !out->trouble.n &&
	    !sc_keep(a, sc_view(why.msg), &out->trouble))
		return sc_no_memory(err);
	r = 0;
	for (size_t i = 0; i < names.n && r == 0; i++) {
		if (!sc_glob(sc_view(pattern), names.v[i]))
			continue;
		if (!sc_keepf(a, &path, "%s/%s", folder, names.v[i].s))
			return sc_no_memory(err);
		r = read_one(h, path.s, form, a, out, err);
	}
	return r;
}

int sc_boot_lines_read(const struct sc_host *h, struct sc_arena *a,
		       struct sc_boot_lines *out, struct sc_error *err)
{
	static const struct {
		const char *path, *pattern; /* of a folder's names; or NULL */
		enum sc_boot_form form;
	} places[] = {
		{ "/proc/cmdline", NULL, SC_BOOT_BARE },
		{ "/boot/loader/entries", "*.conf", SC_BOOT_BLS },
		{ "/boot/efi/loader/entries", "*.conf", SC_BOOT_BLS },
		{ "/efi/loader/entries", "*.conf", SC_BOOT_BLS },
		{ "/boot/grub/grub.cfg", NULL, SC_BOOT_GRUB },
		{ "/boot/grub2/grub.cfg", NULL, SC_BOOT_GRUB },
		{ "/boot/grub2/grubenv", NULL, SC_BOOT_ENV },
		{ "/boot/extlinux/extlinux.conf", NULL, SC_BOOT_LINUX },
		{ "/etc/kernel/cmdline", NULL, SC_BOOT_BARE },
		{ "/etc/default/grub", NULL, SC_BOOT_SHELL },
		{ "/etc/default/grub.d", "*.cfg", SC_BOOT_SHELL },
	};
	int r = 0;

	*out = (struct sc_boot_lines){ 0 };
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && r == 0;
	     i++) {
		if (places[i].pattern)
			r = read_folder(h, places[i].path, places[i].pattern,
					places[i].form, a, out, err);
		else
			r = read_one(h, places[i].path, places[i].form, a, out,
				     err);
	}
	return r;
}
