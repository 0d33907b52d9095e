#include "audit/scan.h"

#include "base/buf.h"
#include "base/clean.h"

#define OPEN_MAX 4096                    /* events open at once */
#define OPEN_BYTES ((size_t)16 << 20)    /* of their records */
#define OPEN_MS 5000                     /* of log time that one stays open */
#define EVENT_BYTES ((size_t)128 * 1024) /* records of one event */
#define RECORD_BYTES ((size_t)64 * 1024) /* the kernel's have 9,000 at most */
#define RUN_BYTES ((size_t)64 * 1024)    /* see struct sc_scan */
#define SLOT_BYTES ((size_t)4 * 1024)    /* more is freed after use */
#define NO_SLOT UINT16_MAX

struct slot {
	struct sc_stamp stamp;
	struct sc_buf lines; /* its records, each ended by a newline */
	size_t node_n;       /* the first of them starts with "node=..." */
	uint16_t next;       /* with the same hash */
	bool complete;       /* its last record has come */
};

struct sc_scan {
	sc_event_fn *fn;
	void *data;
	struct sc_scan_counts counts;

	struct slot slots[OPEN_MAX]; /* a ring, in order of first AVC */
	size_t first;
	size_t n;
	size_t bytes;
	uint16_t buckets[OPEN_MAX];

	/* The lines of one stamp that stand together, up to the present one:
	 * where records come before their AVC (ausearch, old kernels), they
	 * are found here. */
	struct sc_stamp stamp;
	size_t node_n; /* the run starts with "node=..." */
	const char *run;
	uint16_t current; /* the open event of this stamp, or NO_SLOT */

	struct sc_arena arena; /* of the event at hand */
	struct sc_event event;
};

int sc_scan_new(sc_event_fn *fn, void *data, struct sc_scan **out,
		struct sc_error *err)
{
	struct sc_scan *s = calloc(1, sizeof(*s));

	if (!s)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	s->fn = fn;
	s->data = data;
	s->current = NO_SLOT;
	memset(s->buckets, 0xff, sizeof(s->buckets));
	*out = s;
	return 0;
}

void sc_scan_free(struct sc_scan *s)
{
	for (size_t i = 0; i < OPEN_MAX; i++)
		sc_buf_free(&s->slots[i].lines);
	sc_arena_free(&s->arena);
	free(s);
}

void sc_scan_free_p(struct sc_scan **s)
{
	if (*s)
		sc_scan_free(*s);
}

struct sc_scan_counts sc_scan_counts(const struct sc_scan *s)
{
	return s->counts;
}

static uint16_t *bucket(struct sc_scan *s, struct sc_stamp stamp)
{
	uint64_t hash = (stamp.ms * 31 + stamp.serial) * 0x9e3779b97f4a7c15;

	return &s->buckets[hash >> 52];
}

static bool has_node(const struct slot *slot, struct sc_str node)
{
	return slot->node_n == node.n &&
	       (!node.n || memcmp(slot->lines.s + 5, node.s, node.n) == 0);
}

static uint16_t find_slot(struct sc_scan *s, const struct sc_record *r)
{
	uint16_t at = *bucket(s, r->stamp);

	while (at != NO_SLOT && (s->slots[at].stamp.ms != r->stamp.ms ||
				 s->slots[at].stamp.serial != r->stamp.serial ||
				 !has_node(&s->slots[at], r->node)))
		at = s->slots[at].next;
	return at;
}

static void unlink_slot(struct sc_scan *s, uint16_t which)
{
	uint16_t *at = bucket(s, s->slots[which].stamp);

	while (*at != which)
		at = &s->slots[*at].next;
	*at = s->slots[which].next;
}

/* Hand out the oldest open event, in parts if it has very many AVCs. */
static int finish_oldest(struct sc_scan *s, struct sc_error *err)
{
	struct slot *slot = &s->slots[s->first];
	struct sc_str lines = { slot->lines.s, slot->lines.n };
	size_t skip = 0;
	int r = 1;

	if (slot->lines.failed)
		return sc_fail(err, SC_ENOMEM, "out of memory");
	while (r > 0) {
		int done;

		sc_arena_reset(&s->arena);
		r = sc_event_read(lines, &skip, &s->arena, &s->event,
				  &s->counts.bad_records, err);
		if (r < 0)
			return r;
		done = s->event.n_avcs || s->event.n_notices
			       ? s->fn(s->data, &s->event, err)
			       : 0;
		if (done < 0)
			return done;
	}
	unlink_slot(s, (uint16_t)s->first);
	if (s->current == s->first)
		s->current = NO_SLOT;
	s->bytes -= slot->lines.n;
	slot->lines.n = 0;
	if (slot->lines.room > SLOT_BYTES)
		sc_buf_free(&slot->lines);
	s->first = (s->first + 1) % OPEN_MAX;
	s->n--;
	return 0;
}

/* Those at the front that are complete, or that the log has left behind. */
static int finish_done(struct sc_scan *s, struct sc_error *err)
{
	while (s->n) {
		const struct slot *slot = &s->slots[s->first];
		int r;

		if (!slot->complete && s->stamp.ms <= slot->stamp.ms + OPEN_MS)
			return 0;
		r = finish_oldest(s, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int sc_scan_end(struct sc_scan *s, struct sc_error *err)
{
	while (s->n) {
		int r = finish_oldest(s, err);

		if (r < 0)
			return r;
	}
	return 0;
}

static void add_line(struct sc_scan *s, struct slot *slot, struct sc_str line,
		     enum sc_kind kind)
{
	if (kind == SC_KIND_PROCTITLE || sc_kind_is_alone(kind))
		slot->complete = true;
	sc_put(&slot->lines, line);
	sc_put(&slot->lines, SC_STR("\n"));
	s->bytes += line.n + 1;
}

/* The other records of this stamp that have come. */
static void add_run(struct sc_scan *s, struct slot *slot, const char *end)
{
	struct sc_str run = { s->run, (size_t)(end - s->run) }, line;
	struct sc_record r;

	while (sc_take_until(&run, '\n', &line)) {
		enum sc_kind kind;

		if (!sc_record_read(line, &r))
			continue;
		kind = sc_record_kind(r.type);
		if (kind != SC_KIND_OTHER && !sc_kind_begins(kind) &&
		    slot->lines.n + line.n <= EVENT_BYTES)
			add_line(s, slot, line, kind);
	}
}

static int open_slot(struct sc_scan *s, struct sc_str line,
		     const struct sc_record *r, struct sc_error *err)
{
	struct slot *slot;
	uint16_t at, *head;

	while (s->n == OPEN_MAX || (s->n && s->bytes > OPEN_BYTES)) {
		int done = finish_oldest(s, err);

		if (done < 0)
			return done;
	}
	at = (uint16_t)((s->first + s->n) % OPEN_MAX);
	s->n++;
	slot = &s->slots[at];
	slot->stamp = r->stamp;
	slot->node_n = r->node.n;
	slot->complete = false;
	head = bucket(s, r->stamp);
	slot->next = *head;
	*head = at;
	s->current = at;
	add_run(s, slot, line.s);
	return 0;
}

/* The last line of a log that is being written, or was cut off: a class that
 * ends with it may be the half of another one. */
static bool is_cut_off(struct sc_str line)
{
	const char *space = memrchr(line.s, ' ', line.n);

	return space && line.n - (size_t)(space - line.s) >= 8 &&
	       memcmp(space, " tclass=", 8) == 0;
}

static int take_avc(struct sc_scan *s, struct sc_str line, bool ended,
		    const struct sc_record *r, struct sc_error *err)
{
	struct slot *slot =
		s->current == NO_SLOT ? NULL : &s->slots[s->current];

	if (line.n > RECORD_BYTES || (!ended && is_cut_off(line))) {
		s->counts.bad_records++;
		return 0;
	}
	/* An event with very many of them is told in parts. */
	if (slot && slot->lines.n + line.n > EVENT_BYTES) {
		slot->complete = true;
		slot = NULL;
	}
	if (!slot && open_slot(s, line, r, err) < 0)
		return err->code;
	add_line(s, &s->slots[s->current], line, sc_record_kind(r->type));
	return 0;
}

static int take_record(struct sc_scan *s, struct sc_str line, bool ended,
		       const struct sc_record *r, struct sc_error *err)
{
	enum sc_kind kind = sc_record_kind(r->type);
	struct slot *slot;

	if (sc_kind_begins(kind))
		return take_avc(s, line, ended, r, err);
	if (kind == SC_KIND_OTHER || s->current == NO_SLOT)
		return 0;
	slot = &s->slots[s->current];
	if (slot->lines.n + line.n <= EVENT_BYTES)
		add_line(s, slot, line, kind);
	return 0;
}

/* What ausearch puts between events. */
static bool is_separator(struct sc_str line)
{
	return !line.n || sc_str_eq(line, SC_STR("----")) ||
	       sc_take_prefix(&line, SC_STR("time->"));
}

static bool is_in_run(const struct sc_scan *s, const struct sc_record *r)
{
	return s->run && r->stamp.ms == s->stamp.ms &&
	       r->stamp.serial == s->stamp.serial && r->node.n == s->node_n &&
	       (!s->node_n || memcmp(r->node.s, s->run + 5, s->node_n) == 0);
}

static int take_line(struct sc_scan *s, struct sc_str line, bool ended,
		     struct sc_error *err)
{
	struct sc_record r;
	int done;

	if (!sc_record_read(line, &r)) {
		s->counts.other_lines += !is_separator(line);
		return 0;
	}
	if (!is_in_run(s, &r)) {
		s->run = line.s;
		s->stamp = r.stamp;
		s->node_n = r.node.n;
		done = finish_done(s, err);
		if (done < 0)
			return done;
		s->current = s->n ? find_slot(s, &r) : NO_SLOT;
	}
	return take_record(s, line, ended, &r, err);
}

static int take_lines(struct sc_scan *s, struct sc_str lines,
		      struct sc_error *err)
{
	struct sc_str line;

	while (lines.n) {
		bool ended = sc_take_until(&lines, '\n', &line);
		int r;

		if (!ended) {
			line = lines;
			sc_str_drop(&lines, lines.n);
		}
		s->counts.lines++;
		r = take_line(s, line, ended, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int sc_scan_source(struct sc_scan *s, struct sc_source *source,
		   struct sc_error *err)
{
	struct sc_str lines;
	size_t keep = 0;
	int r;

	s->run = NULL;
	while ((r = sc_source_next(source, keep, &lines, err)) > 0) {
		if (keep)
			s->run = lines.s - keep;
		r = take_lines(s, lines, err);
		if (r < 0)
			return r;
		keep = s->run ? (size_t)(lines.s + lines.n - s->run) : 0;
		if (keep > RUN_BYTES) {
			keep = 0;
			s->run = NULL;
		}
	}
	s->run = NULL;
	s->counts.bad_records += sc_source_long_lines(source);
	return r;
}
