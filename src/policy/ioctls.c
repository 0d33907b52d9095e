#include "policy/ioctls.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/hex.h"
#include "base/table.h"

#define NAMED_MAX 4 /* ranges that a message holds */

static void set_bit(struct sc_ioctls *set, uint32_t n)
{
	set->v[n / 64] |= UINT64_C(1) << (n % 64);
}

bool sc_ioctls_has(const struct sc_ioctls *set, uint32_t n)
{
	return set->v[n / 64] >> (n % 64) & 1;
}

/* ---- of a policy */

void sc_ioctls_add(struct sc_ioctls *set, const avtab_extended_perms_t *x)
{
	for (uint32_t i = 0; i < 256; i++) {
		if (!(x->perms[i / 32] >> (i % 32) & 1))
			continue;
		if (x->specified == AVTAB_XPERMS_IOCTLFUNCTION)
			set_bit(set, (uint32_t)x->driver << 8 | i);
		else if (x->specified == AVTAB_XPERMS_IOCTLDRIVER)
			memset(&set->v[(size_t)i * 4], 0xff,
			       4 * sizeof(set->v[0]));
	}
}

void sc_ioctls_of(const struct sc_vectors *v, uint32_t type, uint32_t tclass,
		  struct sc_ioctls *out)
{
	const class_datum_t *class = v->db->class_val_to_struct[tclass - 1];
	uint32_t ioctl = sc_db_perm(class, SC_STR("ioctl"));
	bool any = false;

	*out = (struct sc_ioctls){ 0 };
	if (!(*sc_vectors_at(v, type, tclass) & ioctl))
		return;
	for (size_t i = 0; i < v->extended.n; i++) {
		const struct sc_extended *x = &v->extended.v[i];

		if (x->tclass != tclass ||
		    !ebitmap_get_bit(&v->db->attr_type_map[x->target - 1],
				     type - 1))
			continue;
		any = true;
		sc_ioctls_add(out, x->numbers);
	}
	if (!any)
		memset(out, 0xff, sizeof(*out));
}

/* ---- of the table of guards */

/* "0x5412" at the front of @word. */
static bool take_number(struct sc_str *word, uint32_t *out)
{
	uint64_t n;

	if (!sc_take_prefix(word, SC_STR("0x")) || !sc_take_hex(word, 5, &n) ||
	    n >= SC_IOCTLS)
		return false;
	*out = (uint32_t)n;
	return true;
}

/* "0x5412", "0x5400-0x5411" or "*". */
static bool read_range(struct sc_str word, uint32_t *first, uint32_t *last)
{
	*first = 0;
	*last = SC_IOCTLS - 1;
	if (sc_str_eq(word, SC_STR("*")))
		return true;
	if (!take_number(&word, first))
		return false;
	*last = *first;
	if (sc_take_prefix(&word, SC_STR("-")) && !take_number(&word, last))
		return false;
	return !word.n && *last >= *first;
}

bool sc_ioctls_parse(struct sc_str text, struct sc_ioctls *out)
{
	struct sc_str word;

	*out = (struct sc_ioctls){ 0 };
	while (sc_take_word(&text, &word)) {
		uint32_t first, last;

		if (!read_range(word, &first, &last))
			return false;
		for (uint32_t n = first; n <= last; n++)
			set_bit(out, n);
	}
	return true;
}

bool sc_ioctls_names(struct sc_str text, uint32_t command)
{
	uint32_t first, last;
	struct sc_str word;

	while (sc_take_word(&text, &word))
		if (read_range(word, &first, &last) && command >= first &&
		    command <= last)
			return true;
	return false;
}

/* ---- */

bool sc_ioctls_left(struct sc_ioctls *left, const struct sc_ioctls *out,
		    const struct sc_ioctls *in)
{
	uint64_t any = 0;

	for (size_t i = 0; i < SC_IOCTLS / 64; i++) {
		left->v[i] &= ~out->v[i] & (in ? in->v[i] : UINT64_MAX);
		any |= left->v[i];
	}
	return any != 0;
}

bool sc_ioctls_name(const struct sc_ioctls *set, struct sc_arena *a,
		    struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	size_t named = 0;

	sc_put(&text, SC_STR("ioctl"));
	for (uint32_t n = 0; n < SC_IOCTLS; n++) {
		uint32_t first = n;

		if (!sc_ioctls_has(set, n))
			continue;
		while (n + 1 < SC_IOCTLS && sc_ioctls_has(set, n + 1))
			n++;
		if (named++ == NAMED_MAX) {
			sc_put(&text, SC_STR(" ..."));
			break;
		}
		sc_putf(&text, " 0x%x", first);
		if (n > first)
			sc_putf(&text, "-0x%x", n);
	}
	return !text.failed &&
	       sc_keep(a, (struct sc_str){ text.s, text.n }, out);
}
