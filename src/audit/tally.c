#include "audit/tally.h"

#include "audit/levels.h"
#include "base/hex.h"
#include "base/label.h"
#include "base/vec.h"

#define PERMS_MAX 64
#define MANY 1024 /* denials: more get room for SC_TALLY_MAX at once */
#define PERMS_BYTES 2048
#define TEXT_MAX 4096 /* bytes of an object or a program that we keep */

/* What makes two records the same denial. */
struct key {
	struct sc_str source, target; /* contexts without levels */
	struct sc_str tclass;
	struct sc_str perms;
	struct sc_levels_relation levels;
	bool permissive;
	bool from_user;
	struct sc_str manager;
	bool forgeable;
};

/* The context up to and with its type. */
static struct sc_str without_levels(struct sc_str context)
{
	struct sc_str type = sc_label_type(context);

	return (struct sc_str){ context.s,
				(size_t)(type.s + type.n - context.s) };
}

/* Split @list into @words, sorted, each once; the count, 0 if too many. */
static size_t sort_words(struct sc_str list, struct sc_str *words)
{
	struct sc_str word;
	size_t n = 0, at;

	while (sc_take_word(&list, &word)) {
		for (at = n; at > 0 && sc_str_compare(words[at - 1], word) > 0;
		     at--)
			;
		if (at > 0 && sc_str_eq(words[at - 1], word))
			continue;
		if (n == PERMS_MAX)
			return 0;
		memmove(&words[at + 1], &words[at], (n - at) * sizeof(*words));
		words[at] = word;
		n++;
	}
	return n;
}

/* In @bytes, if they must be sorted. False if they are more than a class can
 * have. */
static bool sort_perms(struct sc_str list, char *bytes, struct sc_str *out)
{
	struct sc_str words[PERMS_MAX + 1];
	size_t count, n = 0;

	if (list.n < PERMS_BYTES && sc_str_before(list, ' ', ' ') == list.n) {
		*out = list;
		return list.n > 0;
	}
	count = sort_words(list, words);
	for (size_t i = 0; i < count; i++) {
		if (n + words[i].n + 1 > PERMS_BYTES)
			return false;
		if (n)
			bytes[n++] = ' ';
		memcpy(bytes + n, words[i].s, words[i].n);
		n += words[i].n;
	}
	*out = (struct sc_str){ bytes, n };
	return n > 0;
}

static uint64_t mix(uint64_t hash, struct sc_str v)
{
	uint64_t word;

	for (; v.n >= sizeof(word); sc_str_drop(&v, sizeof(word))) {
		memcpy(&word, v.s, sizeof(word));
		hash = (hash ^ word) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	word = v.n;
	if (v.n)
		memcpy((char *)&word + 1, v.s, v.n);
	hash = (hash ^ word) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 32;
}

static uint64_t hash_of(const struct key *k)
{
	uint64_t hash = 0xcbf29ce484222325;

	hash = mix(hash, k->source);
	hash = mix(hash, k->target);
	hash = mix(hash, k->tclass);
	hash = mix(hash, k->perms);
	hash = mix(hash, k->manager);
	hash ^= k->levels.code * 0xff51afd7ed558ccd;
	hash ^= (uint64_t)k->permissive << 40 | (uint64_t)k->from_user << 41 |
		(uint64_t)k->forgeable << 42;
	return hash ^ hash >> 29;
}

static struct key key_of(const struct sc_denial *d)
{
	return (struct key){
		.source = without_levels(d->scontext),
		.target = without_levels(d->tcontext),
		.tclass = d->tclass,
		.perms = d->perms,
		.levels = { d->levels, d->levels_code },
		.permissive = d->permissive,
		.from_user = d->from_user,
		.manager = d->manager,
		.forgeable = d->forgeable,
	};
}

/* Is @part, which ends with a type, all of @context but its levels? */
static bool is_without_levels(struct sc_str part, struct sc_str context)
{
	return context.n >= part.n &&
	       (context.n == part.n || context.s[part.n] == ':') &&
	       memcmp(context.s, part.s, part.n) == 0;
}

static bool is_same(const struct key *a, const struct sc_denial *d)
{
	return a->levels.code == d->levels_code &&
	       a->permissive == d->permissive && a->from_user == d->from_user &&
	       a->forgeable == d->forgeable &&
	       sc_str_eq(a->tclass, d->tclass) &&
	       sc_str_eq(a->perms, d->perms) &&
	       sc_str_eq(a->manager, d->manager) &&
	       is_without_levels(a->source, d->scontext) &&
	       is_without_levels(a->target, d->tcontext);
}

/* The place in the index where @k is, or would be. */
static uint32_t *find_place(const struct sc_tally *t, const struct key *k)
{
	size_t at = hash_of(k) & (t->index_size - 1);

	while (t->index[at] && !is_same(k, &t->v[t->index[at] - 1]))
		at = (at + 1) & (t->index_size - 1);
	return &t->index[at];
}

static bool grow_index(struct sc_tally *t, struct sc_arena *a)
{
	size_t size = 256;
	uint32_t *index;

	if (t->n * 2 < t->index_size)
		return true;
	while (size <= t->n * 2)
		size *= 2;
	index = sc_new_array(a, uint32_t, size);
	if (!index)
		return false;
	t->index = index;
	t->index_size = size;
	for (size_t i = 0; i < t->n; i++) {
		struct key k = key_of(&t->v[i]);

		*find_place(t, &k) = (uint32_t)i + 1;
	}
	return true;
}

/* A copy, counted in what the tally may keep. */
static bool keep(struct sc_tally *t, struct sc_arena *a, struct sc_str v,
		 struct sc_str *out)
{
	t->kept_bytes += v.n;
	if (v.n)
		return sc_keep(a, v, out);
	*out = (struct sc_str){ 0 };
	return true;
}

/* Whether @text was counted among those in @seen; else it is one @more. */
static bool see(struct sc_tally *t, struct sc_arena *a, struct sc_str text,
		struct sc_seen *seen, size_t *n, uint64_t *more)
{
	if (!text.n)
		return true;
	for (size_t i = 0; i < *n; i++) {
		if (!sc_str_eq(seen[i].text, text))
			continue;
		seen[i].count++;
		return true;
	}
	if (*n == SC_SEEN_MAX || text.n > TEXT_MAX ||
	    t->kept_bytes >= SC_TALLY_BYTES) {
		++*more;
		return true;
	}
	if (!keep(t, a, text, &seen[*n].text))
		return false;
	seen[(*n)++].count = 1;
	return true;
}

static bool read_port(struct sc_str digits, uint16_t *out)
{
	uint64_t n;

	if (!sc_take_u64(&digits, &n) || digits.n || n == 0 || n > UINT16_MAX)
		return false;
	*out = (uint16_t)n;
	return true;
}

static void see_ioctl(struct sc_denial *d, uint16_t command)
{
	if (!d->ioctl)
		d->ioctlcmd = command;
	d->ioctl = true;
	for (size_t i = 0; i < d->n_ioctls; i++)
		if (d->ioctls[i] == command)
			return;
	if (d->n_ioctls < SC_IOCTLS_MAX)
		d->ioctls[d->n_ioctls++] = command;
	else
		d->more_ioctls++;
}

static bool keep_owner(struct sc_tally *t, struct sc_arena *a,
		       const struct sc_owner *owner, struct sc_owner *out)
{
	if (!owner->path.n || owner->path.n > TEXT_MAX ||
	    t->kept_bytes >= SC_TALLY_BYTES)
		return true;
	return keep(t, a, owner->path, &out->path) &&
	       keep(t, a, owner->uid, &out->uid) &&
	       keep(t, a, owner->gid, &out->gid) &&
	       keep(t, a, owner->mode, &out->mode);
}

/* What else this record tells of denial @d. */
static bool see_record(struct sc_tally *t, struct sc_arena *a,
		       struct sc_denial *d, const struct sc_event *e, size_t i)
{
	const struct sc_avc *avc = &e->avcs[i];
	uint64_t command;
	uint16_t number;

	if (!d->first_ms || (e->stamp.ms && e->stamp.ms < d->first_ms))
		d->first_ms = e->stamp.ms;
	if (e->stamp.ms > d->last_ms)
		d->last_ms = e->stamp.ms;
	d->count++;
	d->seen_in = t->source;
	if (!d->port &&
	    (read_port(avc->dest, &number) || read_port(avc->src, &number)))
		d->port = number;
	if (!d->owner.path.n && avc->capability.n &&
	    !keep_owner(t, a, &e->owner, &d->owner))
		return false;
	if (sc_hex_read(avc->ioctlcmd, 4, &command))
		see_ioctl(d, (uint16_t)command);
	return see(t, a, e->objects[i], d->objects, &d->n_objects,
		   &d->more_objects) &&
	       see(t, a, e->exe.n ? e->exe : e->comm, d->programs,
		   &d->n_programs, &d->more_programs);
}

/*
 * Room for one more, as a vector has it, but for the last step: what a vector
 * outgrows stays in the arena, and beyond some hundreds that costs more than
 * room for all that is ever kept.
 */
static bool make_room(struct sc_tally *t, struct sc_arena *a)
{
	struct sc_denial *all;

	if (t->n < t->room || t->room < MANY)
		return true;
	all = sc_new_array(a, struct sc_denial, SC_TALLY_MAX);
	if (!all)
		return false;
	memcpy(all, t->v, t->n * sizeof(*all));
	t->v = all;
	t->room = SC_TALLY_MAX;
	return true;
}

static bool add_denial(struct sc_tally *t, struct sc_arena *a,
		       const struct sc_avc *avc, const struct key *k)
{
	struct sc_denial d = {
		.levels = k->levels.kind,
		.levels_code = k->levels.code,
		.permissive = k->permissive,
		.from_user = k->from_user,
		.manager = k->manager,
		.forgeable = k->forgeable,
	};

	if (!keep(t, a, avc->source, &d.scontext) ||
	    !keep(t, a, avc->target, &d.tcontext) ||
	    !keep(t, a, avc->tclass, &d.tclass) ||
	    !keep(t, a, k->perms, &d.perms) ||
	    !sc_value_read(avc->trawcon, a, &d.trawcon) ||
	    !keep(t, a, d.trawcon, &d.trawcon))
		return false;
	d.source = sc_label_type(d.scontext);
	d.target = sc_label_type(d.tcontext);
	return make_room(t, a) && SC_PUSH(a, t, d);
}

static int add(struct sc_tally *t, struct sc_arena *a, const struct sc_event *e,
	       size_t i, struct sc_error *err)
{
	const struct sc_avc *avc = &e->avcs[i];
	char bytes[PERMS_BYTES];
	uint32_t *place;
	struct key k = {
		.source = without_levels(avc->source),
		.target = without_levels(avc->target),
		.tclass = avc->tclass,
		.levels = sc_levels_relate(avc->source, avc->target),
		.permissive = avc->permissive,
		.from_user = e->from_user,
		.manager = e->manager,
		.forgeable = e->forgeable,
	};

	if (!sort_perms(avc->perms, bytes, &k.perms)) {
		t->bad_records++;
		return 0;
	}
	t->records++;
	if (!grow_index(t, a))
		return sc_no_memory(err);
	place = find_place(t, &k);
	if (!*place) {
		if (t->n >= SC_TALLY_MAX || t->kept_bytes >= SC_TALLY_BYTES) {
			t->over_limit++;
			return 0;
		}
		if (!add_denial(t, a, avc, &k))
			return sc_no_memory(err);
		*place = (uint32_t)t->n;
	}
	if (!see_record(t, a, &t->v[*place - 1], e, i))
		return sc_no_memory(err);
	return 0;
}

int sc_tally_add(struct sc_tally *t, struct sc_arena *a,
		 const struct sc_event *e, struct sc_error *err)
{
	bool any = false;

	/* What came before in the same source is no better, and not apart. */
	if (e->forgeable && t->distrusted != t->source)
		sc_tally_distrust(t);
	for (size_t i = 0; i < e->n_avcs; i++) {
		int r;

		if (!e->avcs[i].denied) {
			t->granted++;
			continue;
		}
		any = true;
		r = add(t, a, e, i, err);
		if (r < 0)
			return r;
	}
	t->events += any && !e->continued;
	if (!sc_faults_add(&t->faults, a, e))
		return sc_no_memory(err);
	return 0;
}

void sc_tally_restart(struct sc_tally *t)
{
	t->n = 0;
	t->records = t->events = t->granted = t->over_limit = 0;
	/* .kept_bytes stays: what was kept is still in the arena. */
	t->faults.n = 0;
	t->faults.records = t->faults.over_limit = 0;
	t->index_size = 0;
	t->index = NULL;
}

void sc_tally_distrust(struct sc_tally *t)
{
	t->distrusted = t->source;
	for (size_t i = 0; i < t->n; i++)
		t->v[i].forgeable |= t->v[i].seen_in == t->source;
	/* What was found under its old key is not any more. */
	t->index_size = 0;
	t->index = NULL;
}

static int compare_denials(const void *left, const void *right)
{
	const struct sc_denial *a = left, *b = right;
	const struct sc_str pairs[][2] = {
		{ a->source, b->source },     { a->target, b->target },
		{ a->tclass, b->tclass },     { a->perms, b->perms },
		{ a->scontext, b->scontext }, { a->tcontext, b->tcontext },
	};

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		int c = sc_str_compare(pairs[i][0], pairs[i][1]);

		if (c)
			return c;
	}
	if (a->permissive != b->permissive)
		return a->permissive ? 1 : -1;
	if (a->from_user != b->from_user)
		return a->from_user ? 1 : -1;
	if (!sc_str_eq(a->manager, b->manager))
		return sc_str_compare(a->manager, b->manager);
	if (a->forgeable != b->forgeable)
		return a->forgeable ? 1 : -1;
	return (a->first_ms > b->first_ms) - (a->first_ms < b->first_ms);
}

void sc_tally_sort(struct sc_tally *t)
{
	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), compare_denials);
	sc_faults_sort(&t->faults);
	/* The index has the old places. */
	t->index = NULL;
	t->index_size = 0;
}

bool sc_denial_has_object(const struct sc_denial *d)
{
	return d->n_objects && !sc_str_eq(d->objects[0].text, d->perms);
}

bool sc_denial_is_believed(const struct sc_denial *d)
{
	return !d->forgeable && (!d->from_user || d->manager.n);
}
