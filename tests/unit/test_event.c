#include "unit.h"

#include "audit/event.h"
#include "audit/form.h"
#include "audit/object.h"
#include "base/clean.h"

#define STAMP "msg=audit(1700000000.123:77): "
#define AVC(access, fields, class)                                   \
	"type=AVC " STAMP "avc:  denied  { " access " } for  pid=5 " \
	"comm=\"p\" " fields " scontext=u:r:app_t:s0 "               \
	"tcontext=u:object_r:data_t:s0 tclass=" class " permissive=0\n"
#define SYSCALL(number, a0)                                             \
	"type=SYSCALL " STAMP "arch=c000003e syscall=" number " a0=" a0 \
	" a1=0 a2=ffffff9c pid=5 comm=\"p\" exe=\"/usr/bin/prog\"\n"
#define OPENAT SYSCALL("257", "ffffff9c")
#define CWD(path) "type=CWD " STAMP "cwd=" path "\n"
#define PATH(fields, type) \
	"type=PATH " STAMP "item=0 " fields " nametype=" type "\n"

static struct sc_event event;

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

static void assert_str(struct sc_str got, const char *want)
{
	if (!sc_str_eq(got, view(want)))
		fail_msg("'%.*s' is not '%s'", SC_ARG(got), want);
}

/* The records in @lines, good until the next call. */
static const struct sc_parts *parts_of(const char *lines)
{
	static struct sc_part v[64];
	static struct sc_parts parts;
	struct sc_str rest = view(lines), line;
	struct sc_record r;

	parts = (struct sc_parts){ .v = v };
	while (sc_take_until(&rest, '\n', &line)) {
		assert_true(sc_line_read(line, &r));
		assert_true(parts.n < sizeof(v) / sizeof(v[0]));
		v[parts.n++] =
			(struct sc_part){ sc_record_kind(r.type), r.body };
		parts.stamp = r.stamp;
		parts.node = r.node;
	}
	return &parts;
}

static void read_event(struct sc_arena *a, const char *lines)
{
	struct sc_error err = { 0 };
	uint64_t bad = 0;
	size_t skip = 0;

	assert_int_equal(
		sc_event_read(parts_of(lines), &skip, a, &event, &bad, &err),
		0);
	assert_int_equal(bad, 0);
}

static void tells_the_path_that_a_denial_is_about(void **state)
{
	static const struct {
		const char *object, *lines;
	} cases[] = {
		{ "/open/file", AVC("read", "path=\"/open/file\"", "file") },
		{ "/a b", AVC("read", "path=2F612062", "file") },
		{ "pipe", AVC("read", "path=\"pipe:[77]\"", "fifo_file") },
		{ "@abs",
		  AVC("connectto", "path=00616273", "unix_stream_socket") },
		{ "f", AVC("read", "name=\"f\" ino=3", "file") },
		{ "f",
		  AVC("read", "name=\"f\" ino=3", "file") OPENAT CWD("\"/srv\"")
			  PATH("name=(null) inode=3", "NORMAL") },
		{ "/srv/d/f",
		  AVC("read", "name=\"f\" ino=3", "file") OPENAT CWD("\"/srv\"")
			  PATH("name=\"d/f\" inode=3", "NORMAL") },
		{ "/srv/f",
		  AVC("read", "name=\"f\" ino=3", "file")
			  OPENAT CWD("\"/srv/x\"")
				  PATH("name=\"./..//f\" inode=3", "NORMAL") },
		{ "/f",
		  AVC("read", "name=\"f\" ino=3", "file") OPENAT CWD("\"/srv\"")
			  PATH("name=\"../../f\" inode=3", "NORMAL") },
		/* ".." behind what may be a link is left to the reader */
		{ "/l/../f",
		  AVC("read", "name=\"f\" ino=3", "file") OPENAT CWD("\"/srv\"")
			  PATH("name=\"/l/../f\" inode=3", "NORMAL") },
		/* the parent by its inode, the child by its name */
		{ "/srv/d",
		  AVC("write", "name=\"d\" ino=2", "dir") OPENAT CWD("\"/\"")
			  PATH("name=\"/srv/d/\" inode=2", "PARENT")
				  PATH("name=\"/srv/d/n\"", "CREATE") },
		{ "/srv/d/n",
		  AVC("add_name", "name=\"n\"", "dir") OPENAT CWD("\"/\"")
			  PATH("name=\"/srv/d/\" inode=2", "PARENT")
				  PATH("name=\"/srv/d/n\"", "CREATE") },
		/* refused before the kernel noted the child */
		{ "/srv/d/n",
		  AVC("add_name", "name=\"n\"", "dir") OPENAT CWD("\"/\"")
			  PATH("name=\"/srv/d/\" inode=2", "PARENT") },
		/* two parents: of which, cannot be told */
		{ "n", AVC("add_name", "name=\"n\"", "dir") OPENAT CWD("\"/\"")
			       PATH("name=\"/a/\" inode=2", "PARENT")
				       PATH("name=\"/b/\" inode=3", "PARENT") },
		/* a folder on the way */
		{ "/srv/d",
		  AVC("search", "name=\"d\" ino=2", "dir") OPENAT CWD("\"/\"")
			  PATH("name=\"/srv/d/e/f\"", "UNKNOWN") },
		{ "d", AVC("search", "name=\"d\" ino=2", "dir") OPENAT CWD(
			       "\"/\"") PATH("name=\"/d/d/f\"", "UNKNOWN") },
		/* not the first item, but the one with the inode */
		{ "/new", AVC("rename", "name=\"o\" ino=9", "file") OPENAT CWD(
				  "\"/\"") PATH("name=\"/o\" inode=8", "DELETE")
				  PATH("name=\"/new\" inode=9 "
				       "obj=u:object_r:data_t:s0",
				       "CREATE") },
		/* a like inode of another file system has another label */
		{ "o", AVC("read", "name=\"o\" ino=9", "file") OPENAT CWD(
			       "\"/\"") PATH("name=\"/proc/x\" inode=9 "
					     "obj=u:object_r:proc_t:s0",
					     "NORMAL") },
		/* relative to an open folder that no record tells */
		{ "f", AVC("read", "name=\"f\" ino=3", "file")
			       SYSCALL("257", "5") CWD("\"/srv\"")
				       PATH("name=\"d/f\" inode=3", "NORMAL") },
		{ "d", AVC("write", "name=\"d\" ino=3",
			   "dir") SYSCALL("257", "5") CWD("\"/srv/d\"")
			       PATH("name=\"/srv/d\" inode=3", "PARENT") },
		{ "/srv/f", AVC("read", "name=\"f\" ino=3",
				"file") SYSCALL("2", "5") CWD("\"/srv\"")
				    PATH("name=\"f\" inode=3", "NORMAL") },
		/* the top of a file system */
		{ "top of sysfs",
		  AVC("search", "name=\"/\" dev=\"sysfs\" ino=1", "dir") },
		{ "/sys",
		  AVC("search", "name=\"/\" dev=\"sysfs\" ino=1", "dir")
			  OPENAT CWD("\"/\"") PATH("name=\"/sys\" inode=1 "
						   "obj=u:object_r:data_t:s0",
						   "NORMAL") },
		{ "/", AVC("read", "name=\"/\" dev=\"dm-0\" ino=2", "dir")
			       OPENAT CWD("\"/\"")
				       PATH("name=\"/\" inode=2", "NORMAL") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

		read_event(&arena, cases[i].lines);
		assert_int_equal(event.n_avcs, 1);
		if (!sc_str_eq(event.objects[0], view(cases[i].object)))
			fail_msg("'%.*s' is not '%s' in\n%s",
				 SC_ARG(event.objects[0]), cases[i].object,
				 cases[i].lines);
	}
}

static void tells_what_has_no_path(void **state)
{
	static const struct {
		const char *object, *lines;
	} cases[] = {
		{ "port 3306", AVC("name_connect", "dest=3306", "tcp_socket") },
		{ "port 22", AVC("name_bind", "src=22", "tcp_socket") },
		{ "sys_admin",
		  AVC("sys_admin", "capability=21 ", "capability") },
		{ "capability 99", AVC("x", "capability=99 ", "capability2") },
		{ "module net-pf-10",
		  AVC("module_request", "kmod=\"net-pf-10\"", "system") },
		{ "process sh d",
		  AVC("signal", "opid=1 ocomm=73682064", "process") },
		{ "interface eth0", AVC("egress", "netif=eth0", "netif") },
		{ "", AVC("create", "", "tcp_socket") },
		{ "10.0.0.5 port 3306",
		  AVC("connect", "",
		      "tcp_socket") "type=SOCKADDR " STAMP
				    "saddr=02000CEA0A0000050000000000000000\035SADDR={ x }\n" },
		{ "/run/x",
		  AVC("connect", "",
		      "unix_stream_socket") "type=SOCKADDR " STAMP
					    "saddr=01002F72756E2F78002F\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

		read_event(&arena, cases[i].lines);
		assert_str(event.objects[0], cases[i].object);
	}
}

static void joins_what_the_records_tell(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

	(void)state;
	read_event(&arena,
		   "node=h " AVC("read", "name=\"f\"", "file") "node=h " AVC(
			   "open", "name=\"g\"",
			   "file") "node=h " OPENAT
				   "node=h type=PROCTITLE " STAMP
				   "proctitle=70002D78\n"
				   "node=h type=EXECVE " STAMP
				   "argc=1 a0=\"zzz\"\n");
	assert_int_equal(event.n_avcs, 2);
	assert_int_equal(event.stamp.ms, 1700000000123);
	assert_int_equal(event.stamp.serial, 77);
	assert_str(event.node, "h");
	assert_str(event.exe, "/usr/bin/prog");
	assert_str(event.comm, "p");
	assert_str(event.pid, "5");
	assert_str(event.proctitle, "70002D78");
	assert_str(event.arguments, "");
	assert_false(event.from_user);
	assert_str(event.objects[1], "g");
}

static void shows_a_denial_whatever_the_other_records_hold(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };

	(void)state;
	read_event(&arena,
		   "type=SYSCALL " STAMP "arch= = == exe=\"\n"
		   "type=PATH " STAMP "\n"
		   "type=PATH " STAMP "name= inode= nametype=\n"
		   "type=CWD " STAMP "cwd\n"
		   "type=SOCKADDR " STAMP "saddr=0200\n"
		   "type=SOCKADDR " STAMP "saddr=zz\n"
		   "type=PROCTITLE " STAMP
		   "proctitle=(null)\n" AVC("read", "name=\"f\" ino=", "file"));
	assert_int_equal(event.n_avcs, 1);
	assert_str(event.objects[0], "f");
	assert_str(event.proctitle, "");
}

static void hands_out_many_denials_in_parts(void **state)
{
	SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
	char lines[16384] = "";
	struct sc_error err = { 0 };
	size_t skip = 0, n = 0;
	uint64_t bad = 0;

	(void)state;
	for (int i = 0; i < SC_EVENT_AVCS + 3; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n, "%s",
				      i == 2 ? "type=AVC " STAMP "avc: x\n"
					     : AVC("read", "", "file"));
	assert_int_equal(sc_event_read(parts_of(lines), &skip, &arena, &event,
				       &bad, &err),
			 1);
	assert_int_equal(event.n_avcs, SC_EVENT_AVCS);
	assert_false(event.continued);
	assert_int_equal(sc_event_read(parts_of(lines), &skip, &arena, &event,
				       &bad, &err),
			 0);
	assert_int_equal(event.n_avcs, 2);
	assert_true(event.continued);
	assert_int_equal(bad, 1);
}

static void fails_without_memory(void **state)
{
	static const char lines[] = AVC("read", "name=6666 ino=3",
					"file") OPENAT CWD("2F73727620")
		PATH("name=6666 inode=3",
		     "NORMAL") "type=SOCKADDR " STAMP
			       "saddr=02000CEA0A0000050000000000000000\n";
	int r = -1;

	(void)state;
	for (long n = 0; r < 0; n++) {
		SC_CLEAN(sc_arena_free) struct sc_arena arena = { 0 };
		struct sc_error err = { 0 };
		uint64_t bad = 0;
		size_t skip = 0;

		sc_test_fail_after = n;
		r = sc_event_read(parts_of(lines), &skip, &arena, &event, &bad,
				  &err);
		sc_test_fail_after = -1;
		assert_true(r == 0 || err.code == SC_ENOMEM);
		assert_true(n < 100);
		if (r == 0)
			assert_true(n > 4);
	}
	assert_int_equal(event.n_avcs, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_the_path_that_a_denial_is_about),
		cmocka_unit_test(tells_what_has_no_path),
		cmocka_unit_test(joins_what_the_records_tell),
		cmocka_unit_test(
			shows_a_denial_whatever_the_other_records_hold),
		cmocka_unit_test(hands_out_many_denials_in_parts),
		cmocka_unit_test(fails_without_memory),
	};

	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
