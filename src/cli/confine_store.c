#include "base/clean.h"
#include "base/file.h"
#include "base/table.h"
#include "cli/confine.h"

#include <dirent.h>
#include <sys/stat.h>

#define CONFIG "/etc/selinux/config"
#define CONFIG_BYTES ((size_t)64 * 1024)
#define OUR_PRIORITY "360"
#define HOST_POLICY "/sys/fs/selinux/policy"

SC_DEFINE_CLEAN(DIR, closedir)

/* "/var/lib/selinux/default/active/modules", as SELINUXTYPE= says. */
static bool find_store(struct sc_arena *a, struct sc_str *out)
{
	struct sc_str text, line;
	struct sc_error ignored;

	if (sc_file_read(CONFIG, CONFIG_BYTES, a, &text, &ignored) < 0)
		return false;
	while (sc_take_part(&text, '\n', &line))
		if (sc_take_prefix(&line, SC_STR("SELINUXTYPE=")))
			return sc_keepf(a, out,
					"/var/lib/selinux/" SC_FMT
					"/active/modules",
					SC_ARG(sc_str_trim(line)));
	return false;
}

static int check_priority(struct sc_confine *c, const char *store,
			  const char *priority)
{
	for (size_t i = 0; i < c->cages.n; i++) {
		struct sc_str name = c->cages.v[i].module.name, path;
		struct stat st;

		if (!sc_keepf(c->arena, &path, "%s/%s/" SC_FMT, store, priority,
			      SC_ARG(name)))
			return sc_no_memory(c->err);
		if (lstat(path.s, &st) == 0)
			return sc_fail(c->err, SC_EREFUSED,
				       "the store has a module '" SC_FMT
				       "' already, at priority %s: ours would "
				       "take its place (choose another project "
				       "name: --project NAME)",
				       SC_ARG(name), priority);
	}
	return 0;
}

int sc_confine_check_store(struct sc_confine *c)
{
	SC_CLEAN(closedir_p) DIR *dir = NULL;
	const char *store = c->options->store;
	struct sc_str found = { 0 };
	const struct dirent *entry;

	/* The host's store says nothing of another policy. */
	if (!store &&
	    strcmp(sc_policy_path(c->options->policy), HOST_POLICY) == 0 &&
	    find_store(c->arena, &found))
		store = found.s;
	dir = store ? opendir(store) : NULL;
	if (!dir && c->options->store)
		return sc_fail_os(c->err, "cannot read the store '%s'", store);
	if (!dir) {
		fputs("selcage: the names of the modules are not compared with "
		      "the distribution's: no store is given (--store DIR)\n",
		      stderr);
		return 0;
	}
	while ((entry = readdir(dir))) {
		int r;

		if (entry->d_name[0] == '.' ||
		    strcmp(entry->d_name, OUR_PRIORITY) == 0)
			continue;
		r = check_priority(c, store, entry->d_name);
		if (r < 0)
			return r;
	}
	return 0;
}
