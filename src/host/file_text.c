#include "base/buf.h"
#include "base/clean.h"
#include "base/hex.h"
#include "host/file.h"

#include <ctype.h>

#define FIRST "selcage file 1"

static void put_hex(struct sc_buf *out, struct sc_str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		sc_putf(out, "%02x", (unsigned char)bytes.s[i]);
}

void sc_file_write(const struct sc_file *file, struct sc_buf *out)
{
	sc_putf(out, FIRST "\n%s %04o %u %u\n",
		file->folder ? "folder" : "file", file->mode, file->uid,
		file->gid);
	if (file->sealed.n)
		sc_putf(out, "sealed " SC_FMT "\n", SC_ARG(file->sealed));
	for (size_t i = 0; i < file->n_xattrs; i++) {
		sc_put(out, SC_STR("xattr "));
		put_hex(out, file->xattrs[i].name);
		sc_put(out, SC_STR(" "));
		put_hex(out, file->xattrs[i].value);
		sc_put(out, SC_STR("\n"));
	}
	sc_put(out, SC_STR("\n"));
	sc_put(out, file->bytes);
}

static bool take_octal(struct sc_str *in, uint32_t *out)
{
	size_t n = 0;

	*out = 0;
	for (; in->n && *in->s >= '0' && *in->s <= '7' && n < 5; n++) {
		*out = *out << 3 | (uint32_t)(*in->s - '0');
		sc_str_drop(in, 1);
	}
	return n == 4;
}

static bool take_id(struct sc_str *in, uint32_t *out)
{
	uint64_t v;

	if (!sc_take_prefix(in, SC_STR(" ")) || !sc_take_u64(in, &v) ||
	    v > UINT32_MAX)
		return false;
	*out = (uint32_t)v;
	return true;
}

/* False if it is no hex, or there is no memory. */
static bool read_hex(struct sc_str hex, struct sc_arena *a, struct sc_str *out)
{
	SC_CLEAN(sc_buf_free) struct sc_buf made = { 0 };

	if (hex.n % 2 || sc_hex_length(hex) != hex.n)
		return false;
	for (size_t i = 0; i < hex.n; i += 2) {
		unsigned high = (unsigned)sc_hex_digit(hex.s[i]);
		unsigned low = (unsigned)sc_hex_digit(hex.s[i + 1]);
		char c = (char)(high << 4 | low);

		sc_put(&made, (struct sc_str){ &c, 1 });
	}
	return !made.failed &&
	       sc_keep(a, (struct sc_str){ made.s, made.n }, out);
}

/* One line behind the first: in the order in which they are written. */
static bool read_line(struct sc_str line, struct sc_arena *a,
		      struct sc_file *out)
{
	struct sc_xattr *x = &out->xattrs[out->n_xattrs];
	struct sc_str name;

	if (!out->n_xattrs && !out->sealed.n && !out->folder &&
	    sc_take_prefix(&line, SC_STR("sealed "))) {
		out->sealed = line;
		return sc_is_digest(line);
	}
	if (out->n_xattrs == SC_FILE_XATTRS ||
	    !sc_take_prefix(&line, SC_STR("xattr ")) ||
	    !sc_take_until(&line, ' ', &name) || !read_hex(name, a, &x->name) ||
	    !read_hex(line, a, &x->value))
		return false;
	out->n_xattrs++;
	return true;
}

int sc_file_parse(struct sc_str text, struct sc_arena *a, struct sc_file *out,
		  struct sc_error *err)
{
	struct sc_str line;
	bool good, ended = false;

	memset(out, 0, sizeof(*out));
	out->there = true;
	good = sc_take_prefix(&text, SC_STR(FIRST "\n")) &&
	       sc_take_until(&text, '\n', &line);
	if (good) {
		out->folder = sc_take_prefix(&line, SC_STR("folder "));
		good = (out->folder ||
			sc_take_prefix(&line, SC_STR("file "))) &&
		       take_octal(&line, &out->mode) &&
		       take_id(&line, &out->uid) && take_id(&line, &out->gid) &&
		       !line.n;
	}
	while (good && !ended && sc_take_until(&text, '\n', &line)) {
		ended = !line.n;
		good = ended || read_line(line, a, out);
	}
	/* of a folder, and of what is sealed, there are no bytes */
	if (!good || !ended || ((out->sealed.n || out->folder) && text.n))
		return sc_fail(err, SC_ESYNTAX, "no file of a ledger");
	out->bytes = text;
	return 0;
}

int sc_file_digest(const struct sc_file *file, struct sc_arena *a,
		   struct sc_str *out, struct sc_error *err)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	char hex[SC_SHA256_HEX + 1];

	*out = (struct sc_str){ 0 };
	if (!file->there)
		return 0;
	sc_file_write(file, &text);
	if (text.failed)
		return sc_no_memory(err);
	sc_sha256_hex((struct sc_str){ text.s, text.n }, hex);
	return sc_keep(a, (struct sc_str){ hex, SC_SHA256_HEX }, out)
		       ? 0
		       : sc_no_memory(err);
}
