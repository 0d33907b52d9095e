#include "unit.h"

#include "base/clean.h"
#include "base/vec.h"
#include "folder.h"
#include "host/change.h"
#include "plan/run.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/xattr.h>

#define DIGEST \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* A root of its own below a folder of its own, a ledger beside it. */
struct world {
	struct sc_arena arena;
	char top[64], root[80], ledger_dir[80];
	struct sc_host host;
	struct sc_ledger ledger;
	struct sc_error err;
	const char *fails;  /* a word of the program that fails */
	const char *spoils; /* a file that it writes to when it fails */
	size_t ran;
	struct sc_runner runner;
};

static void write_file(const struct world *w, const char *path,
		       const char *bytes, mode_t mode);

static int fake_run(void *data, const char *const *argv, struct sc_error *err)
{
	struct world *w = data;

	for (size_t i = 0; argv[i]; i++)
		if (w->fails && strcmp(argv[i], w->fails) == 0) {
			if (w->spoils)
				write_file(w, w->spoils, "others", 0644);
			return sc_fail(err, SC_EREFUSED, "it fails");
		}
	w->ran++;
	return 0;
}

static void open_ledger(struct world *w)
{
	sc_ledger_close(&w->ledger);
	assert_int_equal(sc_ledger_open(w->ledger_dir, true, &w->arena,
					&w->ledger, &w->err),
			 0);
}

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->top, sizeof(w->top), "/tmp/selcage-change-XXXXXX");
	assert_non_null(mkdtemp(w->top));
	snprintf(w->root, sizeof(w->root), "%s/root", w->top);
	snprintf(w->ledger_dir, sizeof(w->ledger_dir), "%s/ledger", w->top);
	assert_int_equal(mkdir(w->root, 0755), 0);
	assert_int_equal(sc_host_open(w->root, &w->host, &w->err), 0);
	w->ledger.journal = w->ledger.lock = -1;
	open_ledger(w);
	w->runner = (struct sc_runner){ fake_run, w };
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	sc_ledger_close(&w->ledger);
	sc_host_close(&w->host);
	sc_arena_free(&w->arena);
	remove_folder(w->top);
	free(w);
	return 0;
}

static const char *below(const struct world *w, const char *path)
{
	static char text[256];

	snprintf(text, sizeof(text), "%s%s", w->root, path);
	return text;
}

static void make_folder(const struct world *w, const char *path)
{
	assert_int_equal(mkdir(below(w, path), 0755), 0);
}

static void write_file(const struct world *w, const char *path,
		       const char *bytes, mode_t mode)
{
	SC_CLEAN(close_p)
	int fd = open(below(w, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, strlen(bytes)), strlen(bytes));
	assert_int_equal(fchmod(fd, mode), 0);
}

static void read_file(struct world *w, const char *path, struct sc_file *out)
{
	if (sc_file_state(&w->host, sc_view(path), &w->arena, out, &w->err) < 0)
		fail_msg("%s", w->err.msg);
}

static void assert_file(struct world *w, const char *path, const char *bytes,
			mode_t mode)
{
	struct sc_file file;

	read_file(w, path, &file);
	assert_true(file.there);
	assert_true(sc_str_eq(file.bytes, sc_view(bytes)));
	assert_int_equal(file.mode, mode);
}

/* @path is to hold @bytes (NULL: not be there; "": stay) with @mode. */
static void add(struct world *w, struct sc_host_step *s, const char *path,
		const char *bytes, unsigned mode)
{
	struct sc_file_change c = { .path = sc_view(path) };

	read_file(w, path, &c.before);
	c.after = c.before;
	c.after.there = bytes != NULL;
	c.after.mode = mode;
	if (bytes && *bytes)
		c.after.bytes = sc_view(bytes);
	assert_true(SC_PUSH(&w->arena, &s->files, c));
}

static void add_restart(struct world *w, struct sc_host_step *s,
			const char *unit)
{
	const struct sc_command_line c = { .unit = sc_view(unit) };

	assert_true(SC_PUSH(&w->arena, &s->commands, c));
}

static struct sc_step step_of(struct world *w, struct sc_host_step *s,
			      const char *place)
{
	struct sc_step step;

	s->host = &w->host;
	s->runner = &w->runner;
	if (sc_host_step(s, sc_view(place), "a step", &w->ledger, &w->arena,
			 &step, &w->err) < 0)
		fail_msg("%s", w->err.msg);
	return step;
}

static int run_step(struct world *w, const struct sc_step *step)
{
	const struct sc_plan plan = { step, 1 };

	return sc_plan_apply(&plan, &w->ledger, &w->arena, &w->err);
}

static void applies_and_takes_back(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 }, back = { 0 };
	struct sc_host_pasts pasts;
	struct sc_file before, after;
	struct sc_step step;

	make_folder(w, "/etc");
	write_file(w, "/etc/a", "one\n", 0644);
	(void)setxattr(below(w, "/etc/a"), "user.x", "y\0z", 3, 0);
	write_file(w, "/etc/gone", "bye", 04755);
	read_file(w, "/etc/a", &before);
	add(w, &s, "/etc/a", "two\n", 0600);
	add(w, &s, "/etc/new", "fresh", 0640);
	add(w, &s, "/etc/gone", NULL, 0);
	add_restart(w, &s, "x.service");
	step = step_of(w, &s, "1");
	assert_int_equal(step.done(&s, &w->err), 0);
	assert_int_equal(run_step(w, &step), 0);
	assert_int_equal(step.done(&s, &w->err), 1);
	assert_int_equal(w->ran, 5); /* reload, restart, three looks */
	assert_file(w, "/etc/a", "two\n", 0600);
	assert_file(w, "/etc/new", "fresh", 0640);
	read_file(w, "/etc/gone", &after);
	assert_false(after.there);

	/* nothing is left to do */
	assert_int_equal(run_step(w, &step), 0);
	assert_int_equal(w->ran, 5);

	open_ledger(w);
	assert_int_equal(sc_host_pasts(&w->ledger, &w->arena, &pasts, &w->err),
			 0);
	assert_int_equal(pasts.n, 1);
	assert_int_equal(pasts.v[0].files.n, 3);
	assert_int_equal(pasts.v[0].again.n, 1);
	assert_int_equal(sc_host_back(&pasts.v[0], &w->host, &w->ledger,
				      &w->arena, &back, &w->err),
			 0);
	step = step_of(w, &back, "1");
	assert_int_equal(run_step(w, &step), 0);
	read_file(w, "/etc/a", &after);
	assert_true(sc_file_same(&before, &after));
	assert_file(w, "/etc/gone", "bye", 04755);
	read_file(w, "/etc/new", &after);
	assert_false(after.there);
	open_ledger(w);
	assert_int_equal(sc_host_pasts(&w->ledger, &w->arena, &pasts, &w->err),
			 0);
	assert_int_equal(pasts.v[0].files.n, 0);
}

/* Is @word in any file below the ledger's folder? */
static bool ledger_has(struct world *w, const char *word)
{
	const char *const argv[] = { "/usr/bin/grep", "-rqF", "-e", word,
				     w->ledger_dir,   NULL };

	return sc_run(argv, &w->err) == 0;
}

static void take_back(struct world *w)
{
	struct sc_host_step back = { 0 };
	struct sc_host_pasts pasts;
	struct sc_step step;

	open_ledger(w);
	assert_int_equal(sc_host_pasts(&w->ledger, &w->arena, &pasts, &w->err),
			 0);
	assert_int_equal(sc_host_back(&pasts.v[0], &w->host, &w->ledger,
				      &w->arena, &back, &w->err),
			 0);
	step = step_of(w, &back, "1");
	if (run_step(w, &step) < 0)
		fail_msg("%s", w->err.msg);
}

static void keeps_no_key_of_which_the_mode_changes(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_host_step *const all[] = { &s };
	struct sc_file before, after;
	struct sc_step step;

	write_file(w, "/key", "a private key", 0644);
	write_file(w, "/conf", "a public word", 0644);
	(void)setxattr(below(w, "/key"), "user.x", "y", 1, 0);
	read_file(w, "/key", &before);
	add(w, &s, "/key", "", 0600);
	add(w, &s, "/conf", "another word", 0644);
	sc_host_seal(all, 1);
	step = step_of(w, &s, "1");
	assert_int_equal(run_step(w, &step), 0);
	assert_file(w, "/key", "a private key", 0600);
	assert_false(ledger_has(w, "private"));
	assert_true(ledger_has(w, "public"));
	take_back(w);
	read_file(w, "/key", &after);
	assert_true(sc_file_same(&before, &after));
	assert_file(w, "/conf", "a public word", 0644);
	assert_false(ledger_has(w, "private"));
}

/* One step changes its mode, a later one its bytes: both can be taken back. */
static void keeps_bytes_that_a_later_step_changes(void **state)
{
	struct world *w = *state;
	struct sc_host_step one = { 0 }, two = { 0 };
	struct sc_host_step *const all[] = { &one, &two };
	struct sc_step step;

	write_file(w, "/conf", "one", 0644);
	add(w, &one, "/conf", "", 0600);
	add(w, &two, "/conf", "two", 0600);
	two.files.v[0].before.mode = 0600;
	sc_host_seal(all, 2);
	step = step_of(w, &one, "1");
	assert_int_equal(run_step(w, &step), 0);
	step = step_of(w, &two, "1");
	assert_int_equal(run_step(w, &step), 0);
	assert_file(w, "/conf", "two", 0600);
	take_back(w);
	assert_file(w, "/conf", "one", 0644);
}

static void puts_no_mode_on_other_bytes(void **state)
{
	struct world *w = *state;
	struct sc_file file, same;

	write_file(w, "/key", "one", 0600);
	read_file(w, "/key", &file);
	same = file;
	assert_true(sc_file_seal(&file, &w->arena));
	assert_true(sc_file_same(&file, &same));
	file.mode = 0644;
	assert_int_equal(sc_file_put(&w->host, SC_STR("/key"), &file, &w->err),
			 0);
	assert_file(w, "/key", "one", 0644);
	write_file(w, "/key", "two", 0600);
	assert_int_equal(sc_file_put(&w->host, SC_STR("/key"), &file, &w->err),
			 SC_EREFUSED);
	assert_file(w, "/key", "two", 0600);
	assert_int_equal(unlink(below(w, "/key")), 0);
	assert_int_equal(sc_file_put(&w->host, SC_STR("/key"), &file, &w->err),
			 SC_EREFUSED);
}

/* grub.cfg is made of /etc/default/grub, also when that is put back. */
static void makes_files_anew_when_it_goes_back(void **state)
{
	static const char *const make[] = { "/usr/sbin/update-grub", NULL };
	static const char *const once[] = { "/usr/bin/apt-get", "-y", NULL };
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_command_line line = { .argv = make, .makes = true };
	struct sc_step step;

	write_file(w, "/grub", "one", 0644);
	add(w, &s, "/grub", "two", 0644);
	assert_true(SC_PUSH(&w->arena, &s.commands, line));
	line = (struct sc_command_line){ .argv = once };
	assert_true(SC_PUSH(&w->arena, &s.commands, line));
	step = step_of(w, &s, "1");
	assert_int_equal(run_step(w, &step), 0);
	assert_int_equal(w->ran, 2);
	take_back(w);
	assert_file(w, "/grub", "one", 0644);
	assert_int_equal(w->ran, 3);
}

static void makes_folders_and_removes_them(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_file_change c = { .path = SC_STR("/conf.d") };
	struct sc_step step;
	struct sc_file now;

	c.after = (struct sc_file){ .there = true,
				    .folder = true,
				    .mode = 0755,
				    .uid = getuid(),
				    .gid = getgid() };
	assert_true(SC_PUSH(&w->arena, &s.files, c));
	c.path = SC_STR("/conf.d/90.conf");
	c.after.folder = false;
	c.after.bytes = SC_STR("x\n");
	assert_true(SC_PUSH(&w->arena, &s.files, c));
	step = step_of(w, &s, "1");
	assert_int_equal(run_step(w, &step), 0);
	assert_file(w, "/conf.d/90.conf", "x\n", 0755);
	assert_int_equal(step.undo(&s, &w->err), 0);
	read_file(w, "/conf.d", &now);
	assert_false(now.there);
}

static void refuses_what_changed_since(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_step step;

	write_file(w, "/a", "one", 0644);
	write_file(w, "/b", "one", 0644);
	add(w, &s, "/a", "two", 0644);
	add(w, &s, "/b", "two", 0644);
	step = step_of(w, &s, "1");
	assert_int_equal(chmod(below(w, "/b"), 0640), 0);
	assert_int_equal(run_step(w, &step), SC_EREFUSED);
	assert_non_null(strstr(w->err.msg, "'/b' has changed since"));
	assert_file(w, "/a", "one", 0644);
	/* as it was planned, it goes */
	assert_int_equal(chmod(below(w, "/b"), 0644), 0);
	assert_int_equal(run_step(w, &step), 0);
	assert_file(w, "/b", "two", 0644);
	/* and back only what is as it was left */
	write_file(w, "/a", "three", 0644);
	assert_int_equal(step.undo(&s, &w->err), SC_EREFUSED);
	assert_file(w, "/b", "two", 0644);
}

/* As of /.autorelabel, which the boot that it is for takes away. */
static void passes_over_what_is_so_already(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_file now;
	struct sc_step step;

	write_file(w, "/conf", "one", 0644);
	add(w, &s, "/conf", "two", 0644);
	add(w, &s, "/flag", "x", 0644);
	step = step_of(w, &s, "1");
	assert_int_equal(run_step(w, &step), 0);
	assert_int_equal(unlink(below(w, "/flag")), 0);
	take_back(w);
	assert_file(w, "/conf", "one", 0644);

	/* one that fails makes nothing that was not there */
	s = (struct sc_host_step){ 0 };
	write_file(w, "/flag", "x", 0644);
	add(w, &s, "/conf", "two", 0644);
	add(w, &s, "/flag", NULL, 0);
	add_restart(w, &s, "x.service");
	step = step_of(w, &s, "2");
	assert_int_equal(unlink(below(w, "/flag")), 0);
	w->fails = "restart";
	assert_int_equal(run_step(w, &step), SC_EREFUSED);
	assert_file(w, "/conf", "one", 0644);
	read_file(w, "/flag", &now);
	assert_false(now.there);
}

static void puts_back_where_a_program_fails(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_step step;

	write_file(w, "/a", "one", 0644);
	add(w, &s, "/a", "two", 0600);
	add_restart(w, &s, "x.service");
	step = step_of(w, &s, "1");
	w->fails = "is-active";
	assert_int_equal(run_step(w, &step), SC_EREFUSED);
	assert_file(w, "/a", "one", 0644);
	assert_int_equal(w->ledger.v[w->ledger.n - 1].state, SC_ENTRY_UNDONE);
	w->fails = NULL;
	assert_int_equal(run_step(w, &step), 0);
	assert_file(w, "/a", "two", 0600);
}

/* So that a timer that was set to take it back is not stopped. */
static void tells_what_is_left_after_a_failure(void **state)
{
	struct world *w = *state;

	for (int spoil = 0; spoil < 2; spoil++) {
		const char *place = spoil ? "2" : "1";
		struct sc_host_step one = { 0 }, two = { 0 };
		struct sc_step steps[2];
		const struct sc_plan plan = { steps, 2 };

		write_file(w, "/a", "one", 0644);
		write_file(w, "/b", "one", 0644);
		add(w, &one, "/a", "two", 0644);
		add(w, &two, "/b", "two", 0644);
		add_restart(w, &two, "x.service");
		steps[0] = step_of(w, &one, place);
		steps[1] = step_of(w, &two, place);
		w->fails = "restart";
		w->spoils = spoil ? "/a" : NULL;
		assert_int_equal(
			sc_plan_apply(&plan, &w->ledger, &w->arena, &w->err),
			SC_EREFUSED);
		assert_int_equal(sc_host_is_left(&w->ledger, sc_view(place)),
				 spoil);
		assert_file(w, "/b", "one", 0644);
		assert_file(w, "/a", spoil ? "others" : "one", 0644);
	}
}

static void changes_no_link_and_no_second_name(void **state)
{
	struct world *w = *state;
	struct sc_file file;

	write_file(w, "/a", "one", 0644);
	assert_int_equal(symlink("a", below(w, "/link")), 0);
	assert_int_equal(sc_file_state(&w->host, SC_STR("/link"), &w->arena,
				       &file, &w->err),
			 SC_EREFUSED);
	assert_non_null(strstr(w->err.msg, "it is a link"));
	read_file(w, "/a", &file);
	assert_int_equal(sc_file_state(&w->host, SC_STR("/.."), &w->arena,
				       &file, &w->err),
			 SC_EREFUSED);
	assert_int_equal(sc_file_put(&w->host, SC_STR("/."), &file, &w->err),
			 SC_EREFUSED);
	assert_int_equal(mkfifo(below(w, "/pipe"), 0600), 0);
	assert_int_equal(sc_file_state(&w->host, SC_STR("/pipe"), &w->arena,
				       &file, &w->err),
			 SC_EREFUSED);
	/* a link on the way is followed, as if the root were "/" */
	make_folder(w, "/etc");
	assert_int_equal(symlink("/../../etc", below(w, "/conf")), 0);
	write_file(w, "/etc/x", "in", 0644);
	assert_file(w, "/conf/x", "in", 0644);
	{
		char one[256];

		snprintf(one, sizeof(one), "%s", below(w, "/a"));
		assert_int_equal(link(one, below(w, "/second")), 0);
	}
	assert_int_equal(sc_file_state(&w->host, SC_STR("/a"), &w->arena, &file,
				       &w->err),
			 SC_EREFUSED);
	assert_non_null(strstr(w->err.msg, "a second name"));
}

/* Begun in the ledger, and the process is gone. */
static void begin(struct world *w, struct sc_host_step *s)
{
	uint64_t id;

	(void)step_of(w, s, "1");
	assert_int_equal(sc_ledger_begin(&w->ledger, &s->changes, &id, &w->err),
			 0);
	open_ledger(w);
}

static struct sc_host_settled settle(struct world *w)
{
	struct sc_host_settled out;

	assert_int_equal(sc_host_settle(&w->ledger, &w->host, &w->runner,
					&w->arena, &out, &w->err),
			 0);
	return out;
}

static void settles_what_was_interrupted(void **state)
{
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_host_settled out;

	write_file(w, "/a", "one", 0644);
	write_file(w, "/b", "one", 0644);
	assert_false(settle(w).any);
	add(w, &s, "/a", "two", 0644);
	add(w, &s, "/b", "", 0600);
	add_restart(w, &s, "x.service");

	/* nothing had begun: nothing is started anew */
	begin(w, &s);
	write_file(w, "/.a.selcage", "tw", 0600);
	out = settle(w);
	assert_true(out.any && !out.done && !out.foreign.n);
	assert_int_equal(w->ran, 0);
	assert_int_equal(access(below(w, "/.a.selcage"), F_OK), -1);
	assert_false(settle(w).any);

	/* half of it */
	begin(w, &s);
	write_file(w, "/a", "two", 0644);
	out = settle(w);
	assert_true(out.any && !out.done && !out.foreign.n);
	assert_file(w, "/a", "one", 0644);
	assert_int_equal(w->ran, 5);

	/* all of it */
	begin(w, &s);
	write_file(w, "/a", "two", 0644);
	assert_int_equal(chmod(below(w, "/b"), 0600), 0);
	out = settle(w);
	assert_true(out.any && out.done && !out.foreign.n);
	assert_file(w, "/a", "two", 0644);
	assert_int_equal(w->ran, 10);

	/* and others were there meanwhile */
	assert_int_equal(chmod(below(w, "/b"), 0644), 0);
	write_file(w, "/a", "one", 0644);
	begin(w, &s);
	write_file(w, "/a", "three", 0644);
	assert_int_equal(chmod(below(w, "/b"), 0600), 0);
	out = settle(w);
	assert_true(sc_str_eq(out.foreign, SC_STR("/a")));
	assert_file(w, "/a", "three", 0644);
	assert_file(w, "/b", "one", 0644);
	assert_int_equal(w->ledger.v[w->ledger.n - 1].state, SC_ENTRY_UNDONE);
}

/* The files were there, and the power went while the program ran. */
static void settles_a_program_that_did_not_end(void **state)
{
	static const char *const make[] = { "/usr/sbin/update-grub", NULL };
	const struct sc_command_line line = { .argv = make, .makes = true };
	struct world *w = *state;
	struct sc_host_step s = { 0 };
	struct sc_host_settled out;

	write_file(w, "/grub", "one", 0644);
	add(w, &s, "/grub", "two", 0644);
	assert_true(SC_PUSH(&w->arena, &s.commands, line));
	begin(w, &s);
	write_file(w, "/grub", "two", 0644);
	out = settle(w);
	assert_true(out.done);
	assert_int_equal(w->ran, 1);

	/* one that goes no more: what it was to read is put back, and the
	 * ledger is not open for ever */
	write_file(w, "/grub", "one", 0644);
	begin(w, &s);
	write_file(w, "/grub", "two", 0644);
	w->fails = make[0];
	assert_int_equal(sc_host_settle(&w->ledger, &w->host, &w->runner,
					&w->arena, &out, &w->err),
			 SC_EREFUSED);
	assert_file(w, "/grub", "one", 0644);
	assert_int_equal(w->ledger.v[w->ledger.n - 1].state, SC_ENTRY_UNDONE);
	assert_false(settle(w).any);
}

static void reads_back_what_it_wrote(void **state)
{
	static const char *const bad[] = {
		"",
		"selcage file 1\n",
		"selcage file 1\nfile 0644 0 0\n",
		"selcage file 1\nfile 0644 0 0\nxattr 61 00",
		"selcage file 1\nfolder 0755 0 0\n\nx",
		"selcage file 1\nfile 644 0 0\n\nx",
		"selcage file 1\nfile 0644 0\n\nx",
		"selcage file 1\nfile 0644 0 4294967296\n\nx",
		"selcage file 1\nfile 0644 0 0\nxattr 6 00\n\nx",
		"selcage file 1\nfile 0644 0 0\nxattr 61 0g\n\nx",
		"selcage file 2\nfile 0644 0 0\n\nx",
		"selcage file 1\nfile 0644 0 0\nsealed 00\n\n",
		"selcage file 1\nfile 0644 0 0\nsealed " DIGEST "\n\nx",
		"selcage file 1\nfolder 0644 0 0\nsealed " DIGEST "\n\n",
		"selcage file 1\nfile 0644 0 0\nsealed " DIGEST
		"\nsealed " DIGEST "\n\n",
		"selcage file 1\nfile 0644 0 0\nxattr 61 00\nsealed " DIGEST
		"\n\n",
	};
	struct world *w = *state;
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	struct sc_file file = { .there = true,
				.mode = 04751,
				.uid = 12,
				.gid = UINT32_MAX,
				.bytes = { "a\0\n\nb", 5 },
				.n_xattrs = 1 };
	struct sc_file back;

	file.xattrs[0].name = SC_STR("user.a b\n");
	file.xattrs[0].value = (struct sc_str){ "\0\xff", 2 };
	sc_file_write(&file, &text);
	assert_int_equal(sc_file_parse((struct sc_str){ text.s, text.n },
				       &w->arena, &back, &w->err),
			 0);
	assert_true(sc_file_same(&file, &back));
	assert_int_equal(
		sc_file_parse(SC_STR("selcage file 1\nfile 0644 0 0\n"
				     "sealed " DIGEST "\nxattr 61 00\n\n"),
			      &w->arena, &back, &w->err),
		0);
	assert_true(sc_str_eq(back.sealed, SC_STR(DIGEST)));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sc_file_parse(sc_view(bad[i]), &w->arena,
					       &back, &w->err),
				 SC_ESYNTAX);
}

/* Where it would have to be made anew it could not: its folder is away. */
static void has_nothing_to_do_where_a_folder_is_away(void **state)
{
	struct world *w = *state;
	const struct sc_file none = { 0 };
	const struct sc_file some = { .there = true, .mode = 0644 };

	assert_int_equal(sc_file_put(&w->host, SC_STR("/a/b"), &none, &w->err),
			 0);
	assert_int_equal(sc_file_put(&w->host, SC_STR("/a/b"), &some, &w->err),
			 SC_ENOTFOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(applies_and_takes_back),
		TEST(keeps_no_key_of_which_the_mode_changes),
		TEST(keeps_bytes_that_a_later_step_changes),
		TEST(puts_no_mode_on_other_bytes),
		TEST(makes_files_anew_when_it_goes_back),
		TEST(makes_folders_and_removes_them),
		TEST(refuses_what_changed_since),
		TEST(passes_over_what_is_so_already),
		TEST(puts_back_where_a_program_fails),
		TEST(tells_what_is_left_after_a_failure),
		TEST(changes_no_link_and_no_second_name),
		TEST(settles_what_was_interrupted),
		TEST(settles_a_program_that_did_not_end),
		TEST(reads_back_what_it_wrote),
		TEST(has_nothing_to_do_where_a_folder_is_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
