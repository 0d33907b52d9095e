#include "host/repeats.h"

#include "base/clean.h"

#define HALF ((size_t)131072) /* things remembered in each of two sets */
#define SLOTS (2 * HALF)

struct set {
	uint64_t slots[SLOTS]; /* 0: free */
	size_t n;
	uint64_t last_ms; /* the latest stamp in it */
};

/* When the newer set is full, the older one is forgotten. */
struct told {
	struct set sets[2];
	size_t newer;
	uint64_t forgotten_ms; /* the latest stamp that was */
};

struct sc_repeats {
	struct told by[2]; /* the first source, the second */
};

int sc_repeats_new(struct sc_repeats **out, struct sc_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : sc_no_memory(err);
}

void sc_repeats_free(struct sc_repeats *r)
{
	free(r);
}

void sc_repeats_free_p(struct sc_repeats **r)
{
	sc_repeats_free(*r);
}

static uint64_t mix(uint64_t hash, struct sc_str v)
{
	for (size_t i = 0; i < v.n; i++)
		hash = (hash ^ (unsigned char)v.s[i]) * 0x100000001b3;
	return (hash ^ v.n) * 0x9e3779b97f4a7c15;
}

static uint64_t mix_all(uint64_t hash, const struct sc_str *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		hash = mix(hash, v[i]);
	return hash;
}

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

/* Of the record alone: others of the event may be lost. */
static uint64_t number_of_avc(uint64_t stamp, const struct sc_avc *a)
{
	const struct sc_str v[] = {
		a->source, a->target, a->tclass, a->perms,      a->path,
		a->name,   a->ino,    a->dest,   a->src,        a->ioctlcmd,
		a->comm,   a->kmod,   a->pid,    a->capability,
	};

	return mix_all(stamp, v, COUNT(v));
}

static uint64_t number_of_notice(uint64_t stamp, const struct sc_notice *n)
{
	const struct sc_str v[] = {
		n->op,   n->source, n->target, n->context, n->tclass,
		n->name, n->before, n->after,  n->text,
	};

	return mix_all(stamp, v, COUNT(v));
}

static bool has(const struct set *s, uint64_t what)
{
	size_t at = (what >> 16) % SLOTS;

	while (s->slots[at] && s->slots[at] != what)
		at = (at + 1) % SLOTS;
	return s->slots[at] == what;
}

static void add(struct set *s, uint64_t what, uint64_t ms)
{
	size_t at = (what >> 16) % SLOTS;

	while (s->slots[at] && s->slots[at] != what)
		at = (at + 1) % SLOTS;
	s->n += s->slots[at] == 0;
	s->slots[at] = what;
	s->last_ms = ms > s->last_ms ? ms : s->last_ms;
}

static bool was_told(const struct told *t, uint64_t number)
{
	return has(&t->sets[0], number) || has(&t->sets[1], number);
}

static void remember(struct told *t, uint64_t number, uint64_t ms)
{
	struct set *s = &t->sets[t->newer];

	if (s->n == HALF) {
		t->newer = !t->newer;
		s = &t->sets[t->newer];
		if (s->last_ms > t->forgotten_ms)
			t->forgotten_ms = s->last_ms;
		memset(s, 0, sizeof(*s));
	}
	add(s, number, ms);
}

static bool is_new(struct sc_repeats *r, uint64_t number, uint64_t ms,
		   bool second)
{
	number |= 1; /* 0 is a free slot */
	if (was_told(&r->by[!second], number) ||
	    (second && ms <= r->by[0].forgotten_ms))
		return false;
	remember(&r->by[second], number, ms);
	return true;
}

void sc_repeats_drop(struct sc_repeats *r, struct sc_event *e, bool second)
{
	uint64_t stamp = e->stamp.ms * 31 + e->stamp.serial;
	size_t n = 0;

	for (size_t i = 0; i < e->n_avcs; i++) {
		uint64_t number = number_of_avc(stamp, &e->avcs[i]);

		if (!is_new(r, number, e->stamp.ms, second))
			continue;
		e->avcs[n] = e->avcs[i];
		e->objects[n++] = e->objects[i];
	}
	e->n_avcs = n;
	n = 0;
	for (size_t i = 0; i < e->n_notices; i++) {
		uint64_t number = number_of_notice(stamp, &e->notices[i]);

		if (is_new(r, number, e->stamp.ms, second))
			e->notices[n++] = e->notices[i];
	}
	e->n_notices = n;
}
