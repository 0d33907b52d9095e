#include "audit/scan.h"

#include "audit/form.h"
#include "audit/slot.h"
#include "audit/tear.h"

#define OPEN_MAX 4096                    /* events open at once */
#define OPEN_BYTES ((size_t)16 << 20)    /* of their records */
#define OPEN_MS 5000                     /* of log time that one stays open */
#define EVENT_BYTES ((size_t)128 * 1024) /* records of one event */
#define RECORD_BYTES ((size_t)64 * 1024) /* the kernel's have 9,000 at most */
#define NO_SLOT UINT16_MAX
#define ODD_LINES 8 /* that are no records, and the log still is auditd's */

#define ECHOES 256 /* records that one of another form may tell again */

struct echo {
	uint64_t hash; /* of the body; 0: none, or it was told again */
	struct sc_stamp stamp;
	enum sc_form form;
	uint64_t slot; /* where it is: see .id */
};

struct sc_scan {
	sc_event_fn *fn;
	sc_idle_fn *idle; /* NULL: events are not waited for */
	void *data;
	struct sc_scan_counts counts;

	struct sc_slot slots[OPEN_MAX]; /* a ring, in order of first AVC */
	size_t first;
	size_t n;
	size_t used; /* those from the start that ever were open */
	size_t bytes;
	uint16_t buckets[OPEN_MAX];

	/* The lines of one stamp that stand together, up to the present one:
	 * where records come before their AVC (ausearch, old kernels), they
	 * are found here. */
	struct sc_stamp stamp;
	size_t node_n; /* the run starts with "node=..." */
	const char *run;
	struct sc_head head;  /* of the run's lines, if they have one */
	struct sc_head ahead; /* of the quiet lines that come next */
	bool run_text;
	uint16_t current; /* the open event of this stamp, or NO_SLOT */

	bool looked;        /* over the first lines of the source */
	bool any_line;      /* but for separators */
	unsigned odd_lines; /* of this source: neither records nor damage */
	bool is_text;       /* see sc_scan_is_text() */
	uint32_t source;
	bool any_text; /* in any source */
	struct echo echoes[ECHOES];
	size_t echo;
	uint64_t opened; /* slots so far */

	struct sc_arena arena; /* of the event at hand */
	struct sc_event event;
};

int sc_scan_new(sc_event_fn *fn, void *data, struct sc_scan **out,
		struct sc_error *err)
{
	struct sc_scan *s = calloc(1, sizeof(*s));

	if (!s)
		return sc_no_memory(err);
	s->fn = fn;
	s->data = data;
	s->current = NO_SLOT;
	memset(s->buckets, 0xff, sizeof(s->buckets));
	*out = s;
	return 0;
}

void sc_scan_live(struct sc_scan *s, sc_idle_fn *idle)
{
	s->idle = idle;
}

void sc_scan_free(struct sc_scan *s)
{
	for (size_t i = 0; i < s->used; i++)
		sc_slot_free(&s->slots[i]);
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

static bool is_of_text(const struct sc_record *r)
{
	return r->form != SC_FORM_AUDIT;
}

static uint16_t find_slot(struct sc_scan *s, const struct sc_record *r)
{
	uint16_t at = *bucket(s, r->stamp);

	while (at != NO_SLOT && (s->slots[at].stamp.ms != r->stamp.ms ||
				 s->slots[at].stamp.serial != r->stamp.serial ||
				 s->slots[at].text != is_of_text(r) ||
				 !sc_str_eq(s->slots[at].node, r->node)))
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
	struct sc_slot *slot = &s->slots[s->first];
	struct sc_parts parts = sc_slot_parts(slot);
	size_t skip = 0;
	int r = 1;

	if (sc_slot_check(slot, err) < 0)
		return err->code;
	while (r > 0) {
		int done;

		sc_arena_reset(&s->arena);
		r = sc_event_read(&parts, &skip, &s->arena, &s->event,
				  &s->counts.bad_records, err);
		if (r < 0)
			return r;
		s->event.forgeable = slot->forgeable;
		done = s->event.n_avcs || s->event.n_notices
			       ? s->fn(s->data, &s->event, err)
			       : 0;
		if (done < 0)
			return done;
	}
	unlink_slot(s, (uint16_t)s->first);
	if (s->current == s->first)
		s->current = NO_SLOT;
	s->bytes -= slot->bytes;
	sc_slot_clear(slot);
	/* With none open, the first places are taken again: their memory is at
	 * hand. */
	s->first = --s->n ? (s->first + 1) % OPEN_MAX : 0;
	return 0;
}

/* Those at the front that are complete, or that the log has left behind. */
static int finish_done(struct sc_scan *s, struct sc_error *err)
{
	while (s->n) {
		const struct sc_slot *slot = &s->slots[s->first];
		int r;

		if (!slot->complete && s->stamp.ms <= slot->open + OPEN_MS)
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

/* Take @r, which is @bytes long, into the event of @slot. */
static void add(struct sc_scan *s, struct sc_slot *slot,
		const struct sc_record *r, enum sc_kind kind, size_t bytes)
{
	sc_slot_add(slot, r, kind);
	slot->bytes += bytes;
	s->bytes += bytes;
}

/* There is room for a line of @bytes more in its event. */
static bool has_room(const struct sc_slot *slot, size_t bytes)
{
	return slot->bytes + bytes <= EVENT_BYTES;
}

/* The other records of this stamp that have come. */
static void add_run(struct sc_scan *s, struct sc_slot *slot, const char *end)
{
	struct sc_str run = { s->run, (size_t)(end - s->run) }, line;
	struct sc_record r;

	while (sc_take_part(&run, '\n', &line)) {
		struct sc_tear tear;
		enum sc_kind kind;

		if (!sc_line_read(line, &r))
			continue;
		tear = sc_tear_in(line, r.body);
		if (tear.in_doubt)
			continue;
		sc_tear_cut(&line, tear.at, &r);
		kind = sc_record_kind(r.type);
		if (kind != SC_KIND_OTHER && !sc_kind_begins(kind) &&
		    has_room(slot, line.n))
			add(s, slot, &r, kind, line.n + 1);
	}
}

static int open_slot(struct sc_scan *s, struct sc_str line,
		     const struct sc_record *r, struct sc_error *err)
{
	struct sc_slot *slot;
	uint16_t at, *head;

	while (s->n == OPEN_MAX || (s->n && s->bytes > OPEN_BYTES)) {
		int done = finish_oldest(s, err);

		if (done < 0)
			return done;
	}
	at = (uint16_t)((s->first + s->n) % OPEN_MAX);
	s->n++;
	if (s->used <= at)
		s->used = at + 1U;
	slot = &s->slots[at];
	sc_slot_begin(slot, r);
	slot->text = is_of_text(r);
	slot->forgeable = slot->text || s->is_text;
	slot->source = s->source;
	slot->id = ++s->opened;
	slot->open = r->stamp.ms ? r->stamp.ms : s->stamp.ms;
	head = bucket(s, r->stamp);
	slot->next = *head;
	*head = at;
	s->current = at;
	add_run(s, slot, line.s);
	return 0;
}

static uint64_t hash_of(struct sc_str body)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < body.n; i++)
		hash = (hash ^ (unsigned char)body.s[i]) * 0x100000001b3;
	return hash | 1;
}

/* What the slot @id holds, as long as it is open, is told better elsewhere. */
static bool empty_slot(struct sc_scan *s, uint64_t id)
{
	for (size_t i = 0; i < s->n; i++) {
		struct sc_slot *slot = &s->slots[(s->first + i) % OPEN_MAX];

		if (slot->id != id)
			continue;
		s->bytes -= slot->bytes;
		sc_slot_clear(slot);
		slot->complete = true;
		return true;
	}
	return false;
}

/*
 * A journal without auditd has each record twice, as the kernel printed it and
 * as journald got it; a mixed log can have it as auditd wrote it, too. The same
 * words in another form are the same record, counted once; only what anybody
 * can forge is ever left out for it, and once for each. Of two such, the one
 * with a stamp stays: other records of its event can be found.
 */
static bool is_echo(struct sc_scan *s, const struct sc_record *r,
		    struct echo *new)
{
	struct sc_str body = sc_str_trim(sc_record_body(r->body));

	*new = (struct echo){ hash_of(body), r->stamp, r->form, 0 };
	for (size_t i = 0; is_of_text(r) && i < ECHOES; i++) {
		struct echo *e = &s->echoes[i];

		if (e->hash != new->hash || e->form == new->form)
			continue;
		if (e->form != SC_FORM_JOURNAL &&
		    new->form != SC_FORM_JOURNAL &&
		    (e->stamp.ms != new->stamp.ms ||
		     e->stamp.serial != new->stamp.serial))
			continue;
		e->hash = 0;
		s->counts.echoes++;
		return e->form != SC_FORM_JOURNAL || !empty_slot(s, e->slot);
	}
	return false;
}

static int take_avc(struct sc_scan *s, struct sc_str line, bool ended,
		    const struct sc_record *r, struct sc_error *err)
{
	struct sc_slot *slot =
		s->current == NO_SLOT ? NULL : &s->slots[s->current];
	struct echo echo = { 0 };

	if (line.n > RECORD_BYTES || (!ended && sc_tear_in_name(line))) {
		s->counts.bad_records++;
		return 0;
	}
	if (s->any_text && is_echo(s, r, &echo))
		return 0;
	/* An event with very many of them is told in parts. */
	if (slot && !has_room(slot, line.n)) {
		slot->complete = true;
		slot = NULL;
	}
	if (!slot && open_slot(s, line, r, err) < 0)
		return err->code;
	add(s, &s->slots[s->current], r, sc_record_kind(r->type), line.n + 1);
	if (echo.hash) {
		echo.slot = s->slots[s->current].id;
		s->echoes[s->echo++ % ECHOES] = echo;
	}
	return 0;
}

static int take_record(struct sc_scan *s, struct sc_str line, bool ended,
		       const struct sc_record *r, struct sc_error *err)
{
	enum sc_kind kind = sc_record_kind(r->type);
	struct sc_slot *slot;

	if (sc_kind_begins(kind))
		return take_avc(s, line, ended, r, err);
	if (kind == SC_KIND_OTHER || s->current == NO_SLOT)
		return 0;
	slot = &s->slots[s->current];
	if (has_room(slot, line.n))
		add(s, slot, r, kind, line.n + 1);
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
	       s->run_text == is_of_text(r) &&
	       (!s->node_n || memcmp(r->node.s, s->run + 5, s->node_n) == 0);
}

/* A record that no stamp connects with others is an event by itself. */
static int take_unstamped(struct sc_scan *s, struct sc_str line, bool ended,
			  const struct sc_record *r, struct sc_error *err)
{
	int done;

	if (!sc_kind_begins(sc_record_kind(r->type)))
		return 0;
	s->run = line.s;
	s->current = NO_SLOT;
	done = take_avc(s, line, ended, r, err);
	s->run = NULL;
	s->current = NO_SLOT;
	return done < 0 ? done : finish_done(s, err);
}

/*
 * Is it a line of a text log, into which anybody can write what looks like a
 * record of auditd? Those of journalctl -o cat have no mark of their own, but
 * are many: a crash, a cut or an editor leave fewer.
 */
static bool is_text(struct sc_scan *s, struct sc_str line)
{
	struct sc_record r;

	if (sc_form_read(line, &r) || sc_form_has_time(line))
		return true;
	if (memchr(line.s, '\0', line.n) ||
	    sc_take_prefix(&line, SC_STR("type=")) ||
	    sc_take_prefix(&line, SC_STR("node=")) ||
	    sc_take_prefix(&line, SC_STR("host=")))
		return false;
	return ++s->odd_lines > ODD_LINES;
}

static void mark_text(struct sc_scan *s)
{
	if (s->is_text)
		return;
	s->is_text = s->any_text = true;
	for (size_t i = 0; i < s->n; i++) {
		struct sc_slot *slot = &s->slots[(s->first + i) % OPEN_MAX];

		slot->forgeable |= slot->source == s->source;
	}
}

/* A line that is no record of auditd; 1: but it is one, in @r. */
static int take_text(struct sc_scan *s, struct sc_str line, struct sc_record *r,
		     struct sc_error *err)
{
	const char *refusal;

	if (is_separator(line))
		return 0;
	refusal = s->any_line ? NULL : sc_form_refusal(line);
	if (refusal)
		return sc_fail(err, SC_EREFUSED, "%s", refusal);
	s->any_line = true;
	if (is_text(s, line))
		mark_text(s);
	if (sc_form_read(line, r))
		return 1;
	s->counts.other_lines++;
	s->counts.wrapped += sc_form_is_wrapped(line);
	return 0;
}

/* The first line of another event than the line before. */
static int begin_run(struct sc_scan *s, const char *start,
		     const struct sc_record *r, struct sc_error *err)
{
	int done;

	s->run = start;
	s->stamp = r->stamp;
	s->node_n = r->node.n;
	s->run_text = is_of_text(r);
	s->head.n = 0;
	done = finish_done(s, err);
	if (done < 0)
		return done;
	s->current = s->n ? find_slot(s, r) : NO_SLOT;
	return 0;
}

/* Take one record, or what is none, from the front of @in. */
static int take_line(struct sc_scan *s, struct sc_str *in, bool ended,
		     struct sc_error *err)
{
	struct sc_record r;
	bool same = s->run && sc_record_read_same(*in, &s->head, &r);
	bool read = same || sc_record_read_same(*in, &s->ahead, &r) ||
		    sc_record_read(*in, &r);
	struct sc_tear tear = { read ? 0 : sc_tear_front(*in), false };
	struct sc_str line = { in->s, tear.at ? tear.at : in->n };
	int done = read ? 1 : take_text(s, line, &r, err);

	if (done > 0 && !tear.at) {
		tear = sc_tear_in(line, r.body);
		if (!tear.in_doubt)
			sc_tear_cut(&line, tear.at, &r);
	}
	sc_str_drop(in, line.n);
	if (done <= 0)
		return done;
	s->any_line = true;
	if (tear.in_doubt) {
		s->counts.bad_records += sc_tear_matters(line, tear.at, &r);
		return 0;
	}
	ended = ended && !tear.at;
	if (same)
		return take_record(s, line, ended, &r, err);
	if (r.form == SC_FORM_JOURNAL)
		return take_unstamped(s, line, ended, &r, err);
	if (!is_in_run(s, &r) && begin_run(s, line.s, &r, err) < 0)
		return err->code;
	if (!s->head.n)
		sc_head_keep(&s->head, line, &r);
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
		if (!s->any_line) /* an editor's mark of UTF-8 */
			(void)sc_take_prefix(&line, SC_STR("\xef\xbb\xbf"));
		do
			r = take_line(s, &line, ended, err);
		while (r >= 0 && line.n);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Records that begin no event, of one stamp: they matter only to an event that
 * is open. */
static int take_quiet(struct sc_scan *s, struct sc_str lines,
		      const struct sc_quiet *q, struct sc_error *err)
{
	struct sc_record r = { .stamp = q->stamp };

	s->any_line = true;
	if (!is_in_run(s, &r) && begin_run(s, lines.s, &r, err) < 0)
		return err->code;
	if (s->current != NO_SLOT)
		return take_lines(s, lines, err);
	s->counts.lines += q->lines;
	return 0;
}

/* Most lines that must be read have the stamp of those after them, which was
 * read before. */
static void look_at(struct sc_scan *s, struct sc_str quiet,
		    struct sc_stamp stamp)
{
	struct sc_record r = { .stamp = stamp, .body = { quiet.s, 0 } };
	struct sc_str rest = quiet;

	sc_str_drop(&rest, sizeof("type=") - 1);
	r.type = (struct sc_str){ rest.s, sc_str_before(rest, ' ', ' ') };
	sc_head_keep(&s->ahead, quiet, &r);
}

static int take_block(struct sc_scan *s, struct sc_str lines,
		      const struct sc_quiet *quiet, size_t n,
		      struct sc_error *err)
{
	size_t at = 0;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		const struct sc_quiet *q = &quiet[i];
		struct sc_str before = { lines.s + at, q->start - at };
		struct sc_str them = { lines.s + q->start, q->end - q->start };

		if (before.n)
			look_at(s, them, q->stamp);
		r = take_lines(s, before, err);
		s->ahead.n = 0;
		if (r >= 0)
			r = take_quiet(s, them, q, err);
		at = q->end;
	}
	sc_str_drop(&lines, at);
	return r < 0 ? r : take_lines(s, lines, err);
}

/* Nothing comes for a while: who waits gets what there is. */
static int take_pause(struct sc_scan *s, struct sc_error *err)
{
	int r = sc_scan_end(s, err);

	return r < 0 || !s->idle ? r : s->idle(s->data, err);
}

/* The first lines of a source, looked over before they are read. */
static void look_ahead(struct sc_scan *s, struct sc_str lines)
{
	struct sc_str line;
	struct sc_record r;

	if (s->looked)
		return;
	s->looked = true;
	if (lines.n > SC_LOOK_BYTES)
		lines.n = SC_LOOK_BYTES;
	while (!s->is_text && sc_take_until(&lines, '\n', &line)) {
		if (!sc_record_read(line, &r) && !is_separator(line) &&
		    is_text(s, line))
			mark_text(s);
	}
	s->odd_lines = 0;
}

/* The lines at hand go. */
static void settle(struct sc_scan *s)
{
	for (size_t i = 0; i < s->n; i++)
		sc_slot_settle(&s->slots[(s->first + i) % OPEN_MAX]);
}

static int take_source(struct sc_scan *s, struct sc_source *source,
		       struct sc_error *err)
{
	const struct sc_quiet *quiet;
	struct sc_str lines;
	size_t keep = 0, n;
	int r;

	while ((r = sc_source_next(source, keep, &lines, err)) > 0) {
		if (keep)
			s->run = lines.s - keep;
		look_ahead(s, lines);
		n = sc_source_quiet(source, &quiet);
		r = lines.n ? take_block(s, lines, quiet, n, err)
			    : take_pause(s, err);
		settle(s);
		if (r < 0)
			return r;
		keep = s->run ? (size_t)(lines.s + lines.n - s->run) : 0;
		if (keep > SC_KEEP_MAX) {
			keep = 0;
			s->run = NULL;
		}
	}
	return r;
}

void sc_scan_begin(struct sc_scan *s)
{
	s->run = NULL;
	s->odd_lines = 0;
	s->looked = s->any_line = s->is_text = false;
	s->source++;
}

int sc_scan_lines(struct sc_scan *s, struct sc_str lines, struct sc_error *err)
{
	int r;

	look_ahead(s, lines);
	r = take_lines(s, lines, err);
	s->run = NULL;
	settle(s);
	return r;
}

int sc_scan_source(struct sc_scan *s, struct sc_source *source,
		   struct sc_error *err)
{
	int r;

	sc_scan_begin(s);
	if (s->idle)
		sc_source_live(source);
	r = take_source(s, source, err);
	s->run = NULL;
	s->counts.bad_records += sc_source_long_lines(source);
	return r;
}

bool sc_scan_is_text(const struct sc_scan *s)
{
	return s->is_text;
}
