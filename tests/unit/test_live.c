#include "unit.h"

#include "base/buf.h"
#include "base/clean.h"
#include "host/live.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define ROOM 65536
#define STAMP "audit(1700000000.%03u:%u): "
#define AVC                                                          \
	"avc:  denied  { %s } for  pid=1 comm=\"p\" name=\"f\" dev=" \
	"\"vda1\" ino=3 scontext=u:r:a_t:s0 tcontext=u:r:b_t:s0 "    \
	"tclass=file permissive=0"

/* A log in a folder of its own, and a socket in the kernel's place. */
struct host {
	char dir[32];
	char log[64];
	int log_fd; /* of who writes it */
	int kernel; /* our end of the socket */
	int wish;   /* the other one */
	struct sc_buf seen;
	struct sc_live *live;
};

static int note(void *data, struct sc_event *e, struct sc_error *err)
{
	struct host *h = data;

	for (size_t i = 0; i < e->n_avcs; i++)
		sc_putf(&h->seen, "%u " SC_FMT "\n", (unsigned)e->stamp.serial,
			SC_ARG(e->avcs[i].perms));
	return sc_buf_check(&h->seen, err);
}

static void host_open(struct host *h)
{
	int both[2];

	*h = (struct host){ .dir = "/tmp/selcage-live-XXXXXX" };
	assert_non_null(mkdtemp(h->dir));
	snprintf(h->log, sizeof(h->log), "%s/audit.log", h->dir);
	h->log_fd = open(h->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(h->log_fd >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, both), 0);
	h->kernel = both[0];
	h->wish = both[1];
}

static void host_close(struct host *h)
{
	SC_CLEAN(sc_buf_free) struct sc_buf name = { 0 };

	sc_live_close_p(&h->live);
	close(h->log_fd);
	close(h->kernel);
	sc_buf_free(&h->seen);
	(void)unlink(h->log);
	for (unsigned i = 1; i < 10; i++) {
		name.n = 0;
		sc_putf(&name, "%s.%u", h->log, i);
		(void)unlink(name.s);
	}
	assert_int_equal(rmdir(h->dir), 0);
}

static void put_record(struct sc_buf *out, unsigned serial, const char *perm)
{
	sc_putf(out, STAMP, serial, serial);
	sc_putf(out, AVC, perm);
}

/* The kernel says it. */
static void send_message(struct host *h, uint16_t type, struct sc_str text)
{
	SC_CLEAN(sc_buf_free) struct sc_buf m = { 0 };
	struct nlmsghdr head = { .nlmsg_type = type,
				 .nlmsg_len =
					 (uint32_t)(NLMSG_HDRLEN + text.n) };

	sc_put(&m, (struct sc_str){ (char *)&head, sizeof(head) });
	sc_put(&m, text);
	assert_int_equal(send(h->kernel, m.s, m.n, 0), m.n);
}

static void tell(struct host *h, unsigned serial, const char *perm)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	put_record(&text, serial, perm);
	send_message(h, AUDIT_AVC, (struct sc_str){ text.s, text.n });
}

static void overrun(struct host *h)
{
	send_message(h, NLMSG_OVERRUN, (struct sc_str){ 0 });
}

/* auditd writes it. */
static void put_log(struct host *h, unsigned serial, const char *perm)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put(&text, SC_STR("type=AVC msg="));
	put_record(&text, serial, perm);
	sc_put(&text, SC_STR("\n"));
	assert_int_equal(write(h->log_fd, text.s, text.n), text.n);
}

/* auditd renames its logs, and begins a new one. */
static void rotate(struct host *h, unsigned kept)
{
	char from[80], to[80];

	for (unsigned i = kept; i > 0; i--) {
		snprintf(from, sizeof(from), i > 1 ? "%s.%u" : "%s", h->log,
			 i - 1);
		snprintf(to, sizeof(to), "%s.%u", h->log, i);
		(void)rename(from, to);
	}
	close(h->log_fd);
	h->log_fd = open(h->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(h->log_fd >= 0);
}

static void open_kernel(struct host *h, bool whole)
{
	struct sc_live_wish wish = { .log = h->log,
				     .whole = whole,
				     .has_socket = true,
				     .socket = h->wish };
	struct sc_error err;

	assert_int_equal(sc_live_open(&wish, note, h, &h->live, &err), 0);
}

static void open_log(struct host *h, bool whole)
{
	struct sc_live_wish wish = { .log = h->log,
				     .log_alone = true,
				     .whole = whole };
	struct sc_error err;

	close(h->wish);
	assert_int_equal(sc_live_open(&wish, note, h, &h->live, &err), 0);
}

/* Until nothing comes any more. */
static void poll_all(struct host *h)
{
	struct sc_error err;
	int r = 1;

	while (r > 0)
		r = sc_live_poll(h->live, 300, -1, &err);
	assert_int_equal(r, 0);
}

/* Some seconds at most, until @want has been seen. */
static void expect(struct host *h, const char *want)
{
	for (int i = 0; i < 50 && strcmp(h->seen.s ? h->seen.s : "", want) != 0;
	     i++)
		poll_all(h);
	assert_string_equal(h->seen.s ? h->seen.s : "", want);
}

static void hears_the_kernel(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	host_open(&h);
	put_log(&h, 1, "old");
	open_kernel(&h, false);
	assert_int_equal(sc_live_state(h.live)->way, SC_LIVE_KERNEL);
	tell(&h, 2, "read");
	tell(&h, 3, "write");
	expect(&h, "2 read\n3 write\n");
	assert_int_equal(sc_live_state(h.live)->overflows, 0);
}

static void has_from_the_log_what_the_kernel_dropped(void **state)
{
	SC_CLEAN(host_close) struct host h;
	const struct sc_live_state *s;

	(void)state;
	host_open(&h);
	open_kernel(&h, false);
	s = sc_live_state(h.live);
	tell(&h, 2, "two");
	put_log(&h, 2, "two");
	expect(&h, "2 two\n");
	overrun(&h);
	overrun(&h);
	tell(&h, 5, "five");
	put_log(&h, 3, "three");
	put_log(&h, 4, "four");
	put_log(&h, 5, "five");
	expect(&h, "2 two\n5 five\n3 three\n4 four\n");
	tell(&h, 4, "four");
	tell(&h, 6, "six");
	put_log(&h, 6, "six");
	expect(&h, "2 two\n5 five\n3 three\n4 four\n6 six\n");
	assert_int_equal(s->overflows, 1);
	assert_int_equal(s->caught_up, 2);
	assert_int_equal(s->unmended, 0);
}

static void counts_twice_what_is_told_twice(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	host_open(&h);
	open_kernel(&h, false);
	for (int i = 0; i < 2; i++) {
		tell(&h, 2, "two");
		put_log(&h, 2, "two");
	}
	overrun(&h);
	for (int i = 0; i < 2; i++)
		put_log(&h, 3, "three");
	expect(&h, "2 two\n2 two\n3 three\n3 three\n");
}

static void says_when_the_log_cannot_mend(void **state)
{
	SC_CLEAN(host_close) struct host h;
	const struct sc_live_state *s;

	(void)state;
	host_open(&h);
	open_kernel(&h, false);
	s = sc_live_state(h.live);
	assert_true(s->log_there);
	tell(&h, 2, "two");
	overrun(&h);
	expect(&h, "2 two\n");
	for (int i = 0; i < 50 && s->catching_up; i++)
		poll_all(&h);
	assert_int_equal(s->overflows, 1);
	assert_int_equal(s->unmended, 1);
	assert_int_equal(s->caught_up, 0);
}

/* auditd begins to write. */
static void begin_log(struct host *h)
{
	close(h->log_fd);
	h->log_fd = open(h->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(h->log_fd >= 0);
}

static void has_it_from_a_log_that_came_later(void **state)
{
	(void)state;
	for (int quiet = 0; quiet < 2; quiet++) {
		SC_CLEAN(host_close) struct host h;
		const struct sc_live_state *s;

		host_open(&h);
		assert_int_equal(unlink(h.log), 0);
		open_kernel(&h, false);
		s = sc_live_state(h.live);
		assert_false(s->log_there);
		tell(&h, 2, "two");
		expect(&h, "2 two\n");
		begin_log(&h);
		tell(&h, 3, "three");
		put_log(&h, 3, "three");
		if (quiet) {
			expect(&h, "2 two\n3 three\n");
			poll_all(&h);
			assert_true(s->log_there);
		}
		overrun(&h);
		put_log(&h, 4, "four");
		expect(&h, "2 two\n3 three\n4 four\n");
		assert_true(s->log_there);
		assert_int_equal(s->overflows, 1);
		assert_int_equal(s->caught_up, 1);
		assert_int_equal(s->unmended, 0);
	}
}

static void says_when_no_log_came(void **state)
{
	SC_CLEAN(host_close) struct host h;
	const struct sc_live_state *s;

	(void)state;
	host_open(&h);
	assert_int_equal(unlink(h.log), 0);
	open_kernel(&h, false);
	s = sc_live_state(h.live);
	overrun(&h);
	tell(&h, 2, "two");
	expect(&h, "2 two\n");
	for (int i = 0; i < 50 && s->catching_up; i++)
		poll_all(&h);
	assert_false(s->log_there);
	assert_int_equal(s->overflows, 1);
	assert_int_equal(s->unmended, 1);
}

/* No log, and no sign of one to come: a folder of that name. */
static void waits_for_no_log_where_something_else_is(void **state)
{
	SC_CLEAN(host_close) struct host h;
	const struct sc_live_state *s;

	(void)state;
	host_open(&h);
	assert_int_equal(unlink(h.log), 0);
	assert_int_equal(mkdir(h.log, 0700), 0);
	open_kernel(&h, false);
	s = sc_live_state(h.live);
	assert_int_equal(rmdir(h.log), 0);
	begin_log(&h);
	put_log(&h, 2, "two");
	overrun(&h);
	tell(&h, 3, "three");
	expect(&h, "3 three\n");
	assert_false(s->log_there);
}

static void says_what_it_cannot_follow(void **state)
{
	struct sc_live_wish wish = { .log = "/no/such/log", .log_alone = true };
	struct sc_live *live = NULL;
	struct sc_error err;

	(void)state;
	assert_int_equal(sc_live_open(&wish, note, NULL, &live, &err),
			 SC_ESYSTEM);
	assert_null(live);
	assert_string_equal(err.msg, "cannot open '/no/such/log': No such file "
				     "or directory");
}

/* A log of one denial, which was told. */
static void open_told(struct host *h)
{
	host_open(h);
	put_log(h, 1, "old");
	open_log(h, true);
	expect(h, "1 old\n");
}

static void knows_a_log_that_was_emptied_and_grew(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	open_told(&h);
	assert_int_equal(ftruncate(h.log_fd, 0), 0);
	for (unsigned i = 2; i < 5; i++)
		put_log(&h, i, "new");
	expect(&h, "1 old\n2 new\n3 new\n4 new\n");
}

static void follows_a_log_through_rotations(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	host_open(&h);
	put_log(&h, 1, "old");
	open_log(&h, false);
	assert_int_equal(sc_live_state(h.live)->way, SC_LIVE_FILE);
	put_log(&h, 2, "two");
	expect(&h, "2 two\n");
	put_log(&h, 3, "unread");
	rotate(&h, 5);
	put_log(&h, 4, "four");
	rotate(&h, 5);
	rotate(&h, 5);
	put_log(&h, 5, "five");
	expect(&h, "2 two\n3 unread\n4 four\n5 five\n");
	assert_int_equal(sc_live_state(h.live)->rotations, 3);
	assert_int_equal(sc_live_state(h.live)->gaps, 0);
	assert_int_equal(ftruncate(h.log_fd, 0), 0);
	poll_all(&h);
	put_log(&h, 6, "six");
	expect(&h, "2 two\n3 unread\n4 four\n5 five\n6 six\n");
}

static void does_not_go_back_when_its_log_is_deleted(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	host_open(&h);
	put_log(&h, 1, "old");
	rotate(&h, 5);
	rotate(&h, 5);
	put_log(&h, 2, "old");
	open_log(&h, false);
	poll_all(&h);
	put_log(&h, 3, "three");
	expect(&h, "3 three\n");
	assert_int_equal(unlink(h.log), 0);
	rotate(&h, 0); /* a new one is begun */
	put_log(&h, 4, "four");
	expect(&h, "3 three\n4 four\n");
	assert_int_equal(sc_live_state(h.live)->gaps, 1);

	/* what was written since, and renamed, is none of the old ones */
	rotate(&h, 1);
	put_log(&h, 5, "five");
	rotate(&h, 1);
	put_log(&h, 6, "six");
	expect(&h, "3 three\n4 four\n5 five\n6 six\n");
	assert_int_equal(sc_live_state(h.live)->gaps, 2);
}

static void takes_no_pipe_for_the_next_log(void **state)
{
	SC_CLEAN(host_close) struct host h;

	(void)state;
	open_told(&h);
	assert_int_equal(unlink(h.log), 0);
	assert_int_equal(mkfifo(h.log, 0600), 0);
	poll_all(&h);
	assert_int_equal(unlink(h.log), 0);
	rotate(&h, 0);
	put_log(&h, 2, "two");
	expect(&h, "1 old\n2 two\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hears_the_kernel),
		cmocka_unit_test(has_from_the_log_what_the_kernel_dropped),
		cmocka_unit_test(counts_twice_what_is_told_twice),
		cmocka_unit_test(says_when_the_log_cannot_mend),
		cmocka_unit_test(has_it_from_a_log_that_came_later),
		cmocka_unit_test(says_when_no_log_came),
		cmocka_unit_test(waits_for_no_log_where_something_else_is),
		cmocka_unit_test(says_what_it_cannot_follow),
		cmocka_unit_test(knows_a_log_that_was_emptied_and_grew),
		cmocka_unit_test(follows_a_log_through_rotations),
		cmocka_unit_test(does_not_go_back_when_its_log_is_deleted),
		cmocka_unit_test(takes_no_pipe_for_the_next_log),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
