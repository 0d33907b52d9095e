/*
 * auparse_ask LOG...: each AVC record as libauparse splits it and as we do,
 * field by field; then some thousand made-up ones, with names of all bytes as
 * the kernel writes them.
 */
#include "audit/avc.h"
#include "audit/form.h"
#include "base/buf.h"
#include "base/clean.h"
#include "base/file.h"
#include "base/safe.h"

#include <auparse.h>
#include <stdio.h>

#define MADE 4000
#define AVC_TYPE 1400 /* AUDIT_AVC of the kernel */

struct check {
	struct sc_arena arena;
	unsigned long records, fields, wrong, left;
};

static void differs(struct check *c, const char *line, const char *field,
		    const char *theirs, struct sc_str ours)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };

	sc_put_safe(&text, ours);
	if (c->wrong++ < 10)
		printf("# %s: theirs %s, ours %s, in %s\n", field,
		       theirs ? theirs : "none", text.s ? text.s : "none",
		       line);
}

/* libauparse shows what is missing as "(null)", too. */
static bool is_same(const char *theirs, struct sc_str ours)
{
	if (!theirs || strcmp(theirs, "(null)") == 0)
		return ours.n == 0;
	return sc_str_eq(ours, sc_view(theirs));
}

/* Of this record alone: auparse_find_field() goes on to others. */
static bool find_field(auparse_state_t *au, const char *field)
{
	auparse_first_field(au);
	do {
		const char *name = auparse_get_field_name(au);

		if (name && strcmp(name, field) == 0)
			return true;
	} while (auparse_next_field(au) > 0);
	return false;
}

static void compare(struct check *c, auparse_state_t *au, const char *line,
		    const char *field, struct sc_str ours, bool coded)
{
	const char *theirs = NULL;

	/* A space in quotes ends a value for them. The kernel writes such names
	 * in hex; people who make up a log do not. */
	if (coded && ours.n > 1 && *ours.s == '"' &&
	    memchr(ours.s, ' ', ours.n)) {
		c->left++;
		return;
	}
	if (find_field(au, field))
		theirs = coded ? auparse_interpret_field(au)
			       : auparse_get_field_str(au);
	if (coded && !sc_value_read(ours, &c->arena, &ours))
		abort();
	/* Their text ends at a NUL byte. */
	if (coded && ours.n && memchr(ours.s, '\0', ours.n))
		ours.n = strlen(ours.s);
	c->fields++;
	if (!is_same(theirs, ours))
		differs(c, line, field, theirs, ours);
}

/* "read,open" for what we have as "read open". */
static void compare_perms(struct check *c, auparse_state_t *au,
			  const char *line, struct sc_str perms)
{
	SC_CLEAN(sc_buf_free) struct sc_buf joined = { 0 };
	struct sc_str key, word;

	while (sc_take_field(&perms, &key, &word)) {
		sc_put(&joined, joined.n ? SC_STR(",") : SC_STR(""));
		sc_put(&joined, word);
	}
	compare(c, au, line, "seperms",
		(struct sc_str){ joined.s ? joined.s : "", joined.n }, false);
}

static void check_record(struct check *c, auparse_state_t *au)
{
	const char *line = auparse_get_record_text(au);
	struct sc_record r;
	struct sc_avc avc;

	if (!line)
		return;
	c->records++;
	sc_arena_reset(&c->arena);
	if (!sc_line_read(sc_view(line), &r) ||
	    !sc_avc_read(sc_record_body(r.body), &avc)) {
		differs(c, line, "record", "read", SC_STR("refused"));
		return;
	}
	if (r.stamp.serial != auparse_get_serial(au) ||
	    r.stamp.ms != (uint64_t)auparse_get_time(au) * 1000 +
				  auparse_get_milli(au))
		differs(c, line, "stamp", "another", SC_STR("this"));
	compare(c, au, line, "seresult",
		avc.denied ? SC_STR("denied") : SC_STR("granted"), false);
	compare_perms(c, au, line, avc.perms);
	compare(c, au, line, "scontext", avc.source, false);
	compare(c, au, line, "tcontext", avc.target, false);
	compare(c, au, line, "tclass", avc.tclass, false);
	compare(c, au, line, "pid", avc.pid, false);
	compare(c, au, line, "ino", avc.ino, false);
	compare(c, au, line, "comm", avc.comm, true);
	compare(c, au, line, "path", avc.path, true);
	compare(c, au, line, "name", avc.name, true);
}

static void check_log(struct check *c, auparse_state_t *au)
{
	auparse_set_escape_mode(au, AUPARSE_ESC_RAW);
	while (auparse_next_event(au) > 0) {
		auparse_first_record(au);
		do
			if (auparse_get_type(au) == AVC_TYPE)
				check_record(c, au);
		while (auparse_next_record(au) > 0);
	}
	auparse_destroy(au);
}

static uint32_t draw(uint32_t below)
{
	static uint64_t state = 7;

	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)(state >> 33) % below;
}

/* As the kernel writes what comes from outside: quoted if that is safe. */
static void put_name(struct sc_buf *out, const char *field)
{
	char bytes[64];
	size_t n = 1 + draw(24);
	bool odd = false;

	for (size_t i = 0; i < n; i++) {
		bytes[i] = (char)(draw(3) ? 0x21 + draw(0x5e) : 1 + draw(255));
		odd |= bytes[i] == '"' || bytes[i] < 0x21 || bytes[i] == 0x7f;
	}
	sc_putf(out, " %s=", field);
	if (!odd) {
		sc_putf(out, "\"%.*s\"", (int)n, bytes);
		return;
	}
	for (size_t i = 0; i < n; i++)
		sc_putf(out, "%02X", (unsigned char)bytes[i]);
}

static void put_made(struct sc_buf *out, unsigned number)
{
	static const char *const perms[] = { "read", "read open", "0x8000",
					     "read write open getattr" };
	static const char *const classes[] = { "file", "dir", "x_drawable" };

	sc_putf(out,
		"type=AVC msg=audit(1700000000.%03u:%u): avc:  %s  { %s } for "
		" pid=%u",
		number % 1000, number, draw(9) ? "denied" : "granted",
		perms[draw(4)], 1 + draw(99999));
	put_name(out, "comm");
	if (draw(2))
		put_name(out, "path");
	if (draw(2))
		put_name(out, "name");
	sc_putf(out,
		" dev=\"vda1\" ino=%u scontext=u%u:r:a.process:s0:c%u,c%u "
		"tcontext=u:object_r:b_t:s0-s0:c0.c%u tclass=%s "
		"permissive=%u\n",
		1 + draw(99999), draw(9), draw(500), 500 + draw(500),
		draw(1024), classes[draw(3)], draw(2));
}

static void say(const struct check *c, int number, const char *name)
{
	bool good = c->records && !c->wrong;

	printf("%s %d - %s: %lu records, %lu fields, %lu differ, %lu left out\n",
	       good ? "ok" : "not ok", number, name, c->records, c->fields,
	       c->wrong, c->left);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };
	int bad = 0;

	for (int i = 1; i <= argc; i++) {
		const char *name = i < argc ? argv[i] : "made up";
		struct check c = { .records = 0 };
		auparse_state_t *au;

		for (unsigned k = 0; i == argc && k < MADE; k++)
			put_made(&made, k);
		if (made.failed)
			return 2;
		au = i < argc ? auparse_init(AUSOURCE_FILE, argv[i])
			      : auparse_init(AUSOURCE_BUFFER, made.s);
		if (!au)
			return 2;
		check_log(&c, au);
		say(&c, i, name);
		bad |= c.wrong || !c.records;
		sc_arena_free(&c.arena);
	}
	printf("1..%d\n", argc);
	return bad;
}
