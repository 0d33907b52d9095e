#include "rules/image.h"

#include "base/data.h"
#include "base/table.h"

enum column { NAME, PORTS, CAPS, FLAGS, SERVES, SPEAKS, COLUMNS };

/* "docker.io/library/redis" and "7" out of
 * "docker.io/library/redis:7@sha256:...". */
static void split(struct sc_str reference, struct sc_str *name,
		  struct sc_str *tag)
{
	struct sc_str rest = reference;

	*tag = (struct sc_str){ 0 };
	if (!sc_take_until(&rest, '@', name))
		*name = reference;
	for (size_t i = name->n; i > 0 && name->s[i - 1] != '/'; i--) {
		if (name->s[i - 1] != ':')
			continue;
		*tag = (struct sc_str){ name->s + i, name->n - i };
		name->n = i - 1;
		return;
	}
}

/* Does @name end with @suffix, at the border of a component? */
static bool ends_with(struct sc_str name, struct sc_str suffix)
{
	size_t at;

	if (suffix.n == 0 || suffix.n > name.n)
		return false;
	at = name.n - suffix.n;
	return memcmp(name.s + at, suffix.s, suffix.n) == 0 &&
	       (at == 0 || name.s[at - 1] == '/');
}

static bool fits(struct sc_str pattern, struct sc_str name, struct sc_str tag)
{
	struct sc_str wanted;

	if (!sc_take_until(&pattern, ':', &wanted))
		return ends_with(name, pattern);
	return ends_with(name, wanted) && sc_glob(pattern, tag);
}

static struct sc_str cell(const struct sc_row *row, enum column c)
{
	return sc_str_eq(row->v[c], SC_STR("-")) ? (struct sc_str){ 0 }
						 : row->v[c];
}

static void read_ports(struct sc_str list, struct sc_image *out)
{
	struct sc_str word;

	while (out->n_ports < SC_IMAGE_PORTS && sc_take_word(&list, &word)) {
		uint64_t number;

		if (!sc_take_u64(&word, &number) || number == 0 ||
		    number > UINT16_MAX)
			continue;
		out->ports[out->n_ports++] = (struct sc_image_port){
			(uint16_t)number,
			sc_str_eq(word, SC_STR("/udp")) ? SC_UDP : SC_TCP,
		};
	}
}

void sc_image_find(struct sc_str reference, struct sc_image *out)
{
	struct sc_str table = sc_data("images.tsv"), name, tag;
	struct sc_row row = { 0 };

	*out = (struct sc_image){ .speaks = SC_STR("*") };
	split(reference, &name, &tag);
	while (sc_take_row(&table, &row)) {
		if (row.n != COLUMNS || !fits(row.v[NAME], name, tag))
			continue;
		out->name = row.v[NAME];
		read_ports(cell(&row, PORTS), out);
		out->caps = cell(&row, CAPS);
		out->jit = sc_has_part(row.v[FLAGS], ',', SC_STR("jit"));
		out->data = sc_has_part(row.v[FLAGS], ',', SC_STR("data"));
		out->serves = cell(&row, SERVES);
		out->speaks = cell(&row, SPEAKS);
		return;
	}
}

bool sc_image_speaks(const struct sc_image *image, struct sc_str protocol)
{
	return sc_str_eq(image->speaks, SC_STR("*")) ||
	       (protocol.n && sc_has_part(image->speaks, ' ', protocol));
}
