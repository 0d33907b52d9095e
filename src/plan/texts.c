#include "plan/texts.h"

#include "base/clean.h"
#include "base/file.h"
#include "base/sha256.h"
#include "plan/journal.h"

#include <dirent.h>
#include <errno.h>

#define TEXT_BYTES ((size_t)16 << 20)

SC_DEFINE_CLEAN(DIR, closedir)

static int folder_path(const struct sc_ledger *l, struct sc_arena *a,
		       struct sc_str *out, struct sc_error *err)
{
	return sc_keepf(a, out, SC_FMT "/" SC_TEXTS, SC_ARG(l->dir))
		       ? 0
		       : sc_no_memory(err);
}

static int text_path(const struct sc_ledger *l, struct sc_str digest,
		     struct sc_arena *a, struct sc_str *out,
		     struct sc_error *err)
{
	if (!sc_is_digest(digest))
		return sc_fail(err, SC_ESYNTAX, "no digest of a text");
	return sc_keepf(a, out, SC_FMT "/" SC_TEXTS "/" SC_FMT, SC_ARG(l->dir),
			SC_ARG(digest))
		       ? 0
		       : sc_no_memory(err);
}

int sc_ledger_fetch(const struct sc_ledger *l, struct sc_str digest,
		    struct sc_arena *a, struct sc_str *text,
		    struct sc_error *err)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str path = { 0 }, found = { 0 };
	int r = text_path(l, digest, a, &path, err);

	if (r == 0)
		r = sc_file_read(path.s, TEXT_BYTES, a, &found, err);
	if (r < 0)
		return r;
	sc_sha256_hex(found, hex);
	if (!sc_str_eq(digest, (struct sc_str){ hex, SC_SHA256_HEX }))
		return sc_fail(err, SC_ESYNTAX,
			       "'%s' is no more the text that was kept",
			       path.s);
	*text = found;
	return 0;
}

int sc_ledger_keep(struct sc_ledger *l, struct sc_str text,
		   struct sc_str *digest, struct sc_error *err)
{
	char hex[SC_SHA256_HEX + 1];
	struct sc_str path = { 0 }, there, folder = { 0 };
	struct sc_error ignored;
	int r;

	sc_sha256_hex(text, hex);
	if (!sc_keep(l->arena, (struct sc_str){ hex, SC_SHA256_HEX }, digest))
		return sc_no_memory(err);
	if (sc_ledger_fetch(l, *digest, l->arena, &there, &ignored) == 0)
		return 0;
	r = text_path(l, *digest, l->arena, &path, err);
	if (r == 0)
		r = folder_path(l, l->arena, &folder, err);
	if (r == 0)
		r = sc_files_replace(&(struct sc_output){ path.s, text }, 1,
				     err);
	if (r == 0)
		r = sc_sync_folder(folder.s, err);
	return r < 0 ? sc_while(err, "cannot keep a text in the ledger") : 0;
}

/* What a crash left half written has a longer name than a text. */
static bool is_kept(const struct sc_digests *keep, struct sc_str name)
{
	for (size_t i = 0; i < keep->n; i++)
		if (sc_str_eq(keep->v[i], name))
			return true;
	return !sc_is_digest(name);
}

int sc_ledger_prune(struct sc_ledger *l, const struct sc_digests *keep,
		    size_t *gone, struct sc_error *err)
{
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	struct sc_str folder = { 0 };
	struct dirent *e;
	int r = folder_path(l, l->arena, &folder, err);

	*gone = 0;
	if (r < 0)
		return r;
	dir = opendir(folder.s);
	if (!dir)
		return sc_fail_os(err, "cannot read '%s'", folder.s);
	while ((e = readdir(dir))) {
		if (is_kept(keep, sc_view(e->d_name)))
			continue;
		if (unlinkat(dirfd(dir), e->d_name, 0) < 0)
			return sc_fail_os(err, "cannot remove '%s/%s'",
					  folder.s, e->d_name);
		++*gone;
	}
	return 0;
}
