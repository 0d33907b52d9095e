#include "policy/store.h"

#include "base/clean.h"
#include "base/file.h"
#include "policy/store_files.h"

#include <errno.h>
#include <selinux/selinux.h>
#include <semanage/semanage.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define WORDS_MAX 320 /* bytes of libsemanage's words that are told */

struct sc_store {
	semanage_handle_t *sh;
	struct sc_store_place place;
	char words[WORDS_MAX];
};

/* ---- what libsemanage says */

/* All that it calls an error, between semicolons, as far as there is room. */
__attribute__((format(printf, 3, 4))) static void keep_words(
	void *data, semanage_handle_t *sh, const char *fmt, ...)
{
	struct sc_store *s = data;
	size_t n = strlen(s->words);
	va_list args;

	if (semanage_msg_get_level(sh) != SEMANAGE_MSG_ERR)
		return;
	if (n && n + 3 < sizeof(s->words)) {
		memcpy(s->words + n, "; ", 3);
		n += 2;
	}
	va_start(args, fmt);
	(void)vsnprintf(s->words + n, sizeof(s->words) - n, fmt, args);
	va_end(args);
	n = strlen(s->words);
	while (n && (s->words[n - 1] == '\n' || s->words[n - 1] == '.'))
		s->words[--n] = '\0';
	for (char *c = s->words; *c; c++)
		if (*c == '\n')
			*c = ' ';
}

#define HELD                                                        \
	"another program holds the store (semodule, semanage, the " \
	"installation of a package): wait for it, then try again"

static const struct {
	int os_errno;      /* libsemanage quotes what it means, at times */
	const char *words; /* and if it does not */
	const char *todo;
} todos[] = {
	{ EAGAIN, "Could not get direct transaction lock", HELD },
	{ EAGAIN, "Could not get direct read lock", HELD },
	{ ENOSPC, NULL, "the disk is full: make room, then try again" },
	{ EDQUOT, NULL, "the quota of the disk is used up" },
	{ EFBIG, NULL, "a limit of the size of files was met (ulimit -f)" },
	{ EROFS, NULL, "the store is on a file system that is read only" },
	{ EACCES, NULL, "try as root" },
};

static bool is_about(size_t i, const char *words, int os_errno)
{
	if (!*words)
		return os_errno == todos[i].os_errno;
	return strstr(words, strerror(todos[i].os_errno)) ||
	       (todos[i].words && strstr(words, todos[i].words));
}

/* What to do about what libsemanage said; NULL: nothing that we know. It often
 * leaves out what errno was, so look at the usual suspects as well. */
static const char *find_todo(const struct sc_store *s, int os_errno)
{
	struct rlimit limit;

	for (size_t i = 0; i < sizeof(todos) / sizeof(todos[0]); i++)
		if (is_about(i, s->words, os_errno))
			return todos[i].todo;
	if (sc_store_lacks_room(&s->place))
		return "the disk is full, or nearly: make room, then try again";
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY)
		return "there is a limit of the size of files (ulimit -f)";
	return NULL;
}

static int failed(struct sc_store *s, const char *what, int os_errno,
		  struct sc_error *err)
{
	const char *words = s->words[0] ? s->words : "no reason given";
	const char *todo = find_todo(s, os_errno);

	if (todo)
		return sc_fail(err, SC_EREFUSED, "%s: %s (libsemanage: %s)",
			       what, todo, words);
	return sc_fail(err, SC_EPOLICY, "%s (libsemanage: %s)", what, words);
}

/* ---- open and close */

void sc_store_close(struct sc_store *s)
{
	if (!s)
		return;
	if (s->sh && semanage_is_connected(s->sh))
		(void)semanage_disconnect(s->sh);
	if (s->sh)
		semanage_handle_destroy(s->sh);
	free(s);
}

SC_DEFINE_CLEAN(struct sc_store, sc_store_close)

static int connect_store(struct sc_store *s, struct sc_error *err)
{
	semanage_msg_set_callback(s->sh, keep_words, s);
	semanage_select_store(s->sh, (char *)s->place.name,
			      SEMANAGE_CON_DIRECT);
	semanage_set_create_store(s->sh, 0);
	if (s->place.root)
		semanage_set_reload(s->sh, 0);
	s->words[0] = '\0';
	errno = 0;
	if (semanage_is_managed(s->sh) != 1)
		return sc_fail(err, SC_EPOLICY,
			       "the policy here is not managed by libsemanage");
	if (semanage_connect(s->sh) < 0)
		return failed(s, "cannot open the module store", errno, err);
	return 0;
}

int sc_store_open(const struct sc_store_place *place, bool write,
		  struct sc_store **out, struct sc_error *err)
{
	SC_CLEAN(sc_store_close_p) struct sc_store *s = NULL;
	int r = sc_store_check(place, write, err);

	if (r < 0)
		return r;
	s = calloc(1, sizeof(*s));
	if (!s || semanage_set_root(place->root ? place->root : "") < 0)
		return sc_no_memory(err);
	s->place = *place;
	s->sh = semanage_handle_create();
	if (!s->sh)
		return sc_fail(err, SC_EPOLICY,
			       "libsemanage cannot start: is its "
			       "semanage.conf in order?");
	r = connect_store(s, err);
	if (r == 0)
		*out = SC_TAKE(s);
	return r;
}

bool sc_store_reloads(const struct sc_store *s)
{
	return !s->place.root && access("/sys/fs/selinux/policy", F_OK) == 0;
}

int sc_store_reload(const struct sc_store *s, struct sc_error *err)
{
	if (!sc_store_reloads(s))
		return 0;
	errno = 0;
	if (selinux_mkload_policy(1) == 0)
		return 0;
	return sc_fail(err, SC_EPOLICY,
		       "the installed policy cannot be loaded into the kernel: "
		       "%s",
		       errno ? strerror(errno) : "no reason given");
}

/* ---- reading */

static int compare_stored(const void *x, const void *y)
{
	const struct sc_stored *a = x, *b = y;
	int r = strcmp(a->name.s, b->name.s);

	return r ? r : a->priority - b->priority;
}

static int keep_stored(struct sc_store *s, semanage_module_info_t *info,
		       struct sc_arena *a, struct sc_stored_list *out)
{
	struct sc_stored one = { 0 };
	const char *name;

	if (semanage_module_info_get_name(s->sh, info, &name) < 0 ||
	    semanage_module_info_get_priority(s->sh, info, &one.priority) < 0 ||
	    !sc_keep(a, (struct sc_str){ name, strlen(name) }, &one.name) ||
	    !SC_PUSH(a, out, one))
		return SC_ENOMEM;
	return 0;
}

int sc_store_list(struct sc_store *s, struct sc_arena *a,
		  struct sc_stored_list *out, struct sc_error *err)
{
	semanage_module_info_t *list = NULL;
	int n = 0, r = 0;

	s->words[0] = '\0';
	*out = (struct sc_stored_list){ 0 };
	if (semanage_module_list_all(s->sh, &list, &n) < 0)
		return failed(s, "cannot list the modules of the store", errno,
			      err);
	for (int i = 0; i < n; i++) {
		semanage_module_info_t *info =
			semanage_module_list_nth(list, i);

		if (r == 0)
			r = keep_stored(s, info, a, out);
		(void)semanage_module_info_destroy(s->sh, info);
	}
	free(list);
	if (r < 0)
		return sc_no_memory(err);
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), compare_stored);
	return 0;
}

struct key {
	semanage_handle_t *sh;
	semanage_module_key_t *v;
};

static void key_free(struct key *k)
{
	if (k->v)
		(void)semanage_module_key_destroy(k->sh, k->v);
	free(k->v);
}

int sc_store_read(struct sc_store *s, struct sc_str name, struct sc_arena *a,
		  struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(key_free) struct key key = { .sh = s->sh };
	semanage_module_info_t *info = NULL;
	struct sc_str copy;
	void *data = NULL;
	size_t n = 0;
	bool kept;

	s->words[0] = '\0';
	if (!sc_keep(a, name, &copy) ||
	    semanage_module_key_create(s->sh, &key.v) < 0 ||
	    semanage_module_key_set_name(s->sh, key.v, copy.s) < 0 ||
	    semanage_module_key_set_priority(s->sh, key.v, SC_STORE_PRIORITY) <
		    0)
		return failed(s, "cannot name a module", errno, err);
	if (semanage_module_extract(s->sh, key.v, 0, &data, &n, &info) < 0)
		return failed(s, "cannot read a module of the store", errno,
			      err);
	kept = sc_keep(a, (struct sc_str){ data, n }, out);
	if (n)
		(void)munmap(data, n);
	(void)semanage_module_info_destroy(s->sh, info);
	free(info);
	return kept ? 0 : sc_no_memory(err);
}

int sc_store_serial(const struct sc_store *s, struct sc_arena *a,
		    struct sc_str *out, struct sc_error *err)
{
	struct sc_str path;
	int r = sc_store_path(&s->place, "active/commit_num", a, &path, err);

	return r < 0 ? r : sc_file_read(path.s, 4096, a, out, err);
}

int sc_store_is_installed(const struct sc_store *s, struct sc_arena *a,
			  struct sc_error *err)
{
	return sc_store_compare(&s->place, a, err);
}

/* ---- changing */

static int check_serial(struct sc_store *s, struct sc_str serial,
			struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str now = { 0 };
	int r = sc_store_serial(s, &a, &now, err);

	if (r == 0 && !sc_str_eq(now, serial))
		return sc_fail(err, SC_EREFUSED,
			       "another program has changed the store since "
			       "it was read: look at the plan again");
	return r;
}

static int edit(struct sc_store *s, const struct sc_store_edit *e,
		struct sc_error *err)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	struct sc_str name, text;
	int r;

	if (!sc_keep(&a, e->name, &name) || !sc_keep(&a, e->text, &text))
		return sc_no_memory(err);
	errno = 0;
	if (e->text.s)
		r = semanage_module_install(s->sh, (char *)text.s, text.n,
					    name.s, "cil");
	else
		r = semanage_module_remove(s->sh, (char *)name.s);
	if (r >= 0)
		return 0;
	failed(s, e->text.s ? "cannot install it" : "cannot remove it", errno,
	       err);
	return sc_while(err, "module '%s'", name.s);
}

static int transact(struct sc_store *s, struct sc_str serial,
		    const struct sc_store_edit *edits, size_t n,
		    struct sc_error *err)
{
	int r;

	s->words[0] = '\0';
	errno = 0;
	if (semanage_begin_transaction(s->sh) < 0)
		return failed(s, "cannot begin to change the store", errno,
			      err);
	r = check_serial(s, serial, err);
	if (r == 0 &&
	    semanage_set_default_priority(s->sh, SC_STORE_PRIORITY) < 0)
		r = failed(s, "no such priority", errno, err);
	for (size_t i = 0; i < n && r == 0; i++)
		r = edit(s, &edits[i], err);
	if (r < 0)
		return r;
	if (n == 0)
		semanage_set_rebuild(s->sh, 1);
	errno = 0;
	return semanage_commit(s->sh) < 0
		       ? failed(s, "the store did not take it", errno, err)
		       : 0;
}

static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

int sc_store_change(struct sc_store *s, struct sc_str serial,
		    const struct sc_store_edit *edits, size_t n,
		    struct sc_error *err)
{
	struct sc_error second;
	sigset_t stops, old;
	int r;

	sigemptyset(&stops);
	for (size_t i = 0; i < sizeof(stop_signals) / sizeof(int); i++)
		sigaddset(&stops, stop_signals[i]);
	sigprocmask(SIG_BLOCK, &stops, &old);
	r = transact(s, serial, edits, n, err);
	if (r < 0) {
		/* ends the transaction, takes its folder away, unlocks */
		(void)semanage_disconnect(s->sh);
		if (connect_store(s, &second) < 0)
			sc_while(err, "%s, after", second.msg);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}
