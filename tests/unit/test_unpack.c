#include "unit.h"

#include "audit/source.h"
#include "base/buf.h"
#include "base/clean.h"
#include "memory.h"

#include <lzma.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#define MAX ((size_t)1 << 20)

struct packed {
	char bytes[MAX];
	size_t n;
};

static void pack_gzip(struct sc_str text, struct packed *out)
{
	z_stream z = { 0 };

	assert_int_equal(
		deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
		Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text.s;
	z.avail_in = (uInt)text.n;
	z.next_out = (Bytef *)out->bytes + out->n;
	z.avail_out = (uInt)(MAX - out->n);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n = MAX - z.avail_out;
	deflateEnd(&z);
}

static void pack_xz(struct sc_str text, struct packed *out)
{
	assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL,
						 (const uint8_t *)text.s,
						 text.n, (uint8_t *)out->bytes,
						 &out->n, MAX),
			 LZMA_OK);
}

static void pack_zstd(struct sc_str text, struct packed *out)
{
	size_t n = ZSTD_compress(out->bytes + out->n, MAX - out->n, text.s,
				 text.n, 1);

	assert_false(ZSTD_isError(n));
	out->n += n;
}

typedef void pack_fn(struct sc_str text, struct packed *out);
static pack_fn *const packers[] = { pack_gzip, pack_xz, pack_zstd };

static int read_all(struct sc_str bytes, size_t piece, struct sc_buf *out,
		    struct sc_error *err)
{
	SC_CLEAN(sc_source_close_p) struct sc_source *source = NULL;
	struct memory m = { bytes, piece, false };
	struct sc_str lines;
	int r = sc_source_from(read_memory, &m, 4096, &source, err);

	if (r < 0)
		return r;
	while ((r = sc_source_next(source, 0, &lines, err)) > 0)
		sc_put(out, lines);
	return r;
}

static const size_t pieces[] = { 1, 7, 100000 };

static void text_of(struct sc_buf *text, int lines)
{
	for (int i = 0; i < lines; i++)
		sc_putf(text, "line %d of a log, %d\n", i, i * 7919 % 1000);
}

static void unpacks_all_members(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(free_p) struct packed *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	text_of(&text, 3000);
	for (size_t i = 0; i < 9; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };
		size_t half =
			(size_t)(strchr(text.s + 20000, '\n') + 1 - text.s);

		p->n = 0;
		packers[i % 3]((struct sc_str){ text.s, half }, p);
		packers[i % 3]((struct sc_str){ text.s + half, text.n - half },
			       p);
		if (read_all((struct sc_str){ p->bytes, p->n }, pieces[i / 3],
			     &out, &err) < 0)
			fail_msg("%zu: %s", i, err.msg);
		assert_int_equal(out.n, text.n);
		assert_memory_equal(out.s, text.s, text.n);
	}
}

static void unpacks_nothing_out_of_nothing(void **state)
{
	SC_CLEAN(free_p) struct packed *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < 3; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };

		p->n = 0;
		packers[i](SC_STR(""), p);
		assert_int_equal(read_all((struct sc_str){ p->bytes, p->n }, 3,
					  &out, &err),
				 0);
		assert_int_equal(out.n, 0);
	}
}

/* However short: what could be unpacked was given, and then an error. */
static void tells_where_it_was_cut(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(free_p) struct packed *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	text_of(&text, 3000);
	for (size_t i = 0; i < 3; i++) {
		p->n = 0;
		packers[i]((struct sc_str){ text.s, text.n }, p);
		for (size_t n = 8; n < p->n; n += 1 + n / 8) {
			SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
			struct sc_error err = { 0 };

			assert_int_equal(
				read_all((struct sc_str){ p->bytes, n }, 777,
					 &out, &err),
				SC_ESYNTAX);
			assert_non_null(strstr(err.msg, "packed bytes"));
			assert_true(out.n < text.n || n + 32 > p->n);
			if (out.n)
				assert_memory_equal(out.s, text.s, out.n);
		}
	}
}

static void tells_that_it_is_corrupt(void **state)
{
	SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
	SC_CLEAN(free_p) struct packed *p = calloc(1, sizeof(*p));

	(void)state;
	assert_non_null(p);
	text_of(&text, 3000);
	for (size_t i = 0; i < 2; i++) { /* zstd has no checksum here */
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };

		p->n = 0;
		packers[i]((struct sc_str){ text.s, text.n }, p);
		p->bytes[p->n / 2] ^= 0x55;
		assert_int_equal(read_all((struct sc_str){ p->bytes, p->n },
					  1000, &out, &err),
				 SC_ESYNTAX);
		assert_non_null(strstr(err.msg, "corrupt"));
	}
	p->n = 0;
	pack_gzip((struct sc_str){ text.s, text.n }, p);
	memcpy(p->bytes + p->n, "\0\0\0\0", 4); /* padding is no harm */
	for (size_t i = 0; i < 2; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };

		assert_int_equal(read_all((struct sc_str){ p->bytes, p->n + 4 },
					  1000, &out, &err),
				 i ? SC_ESYNTAX : 0);
		assert_int_equal(out.n, text.n);
		p->bytes[p->n + 3] = 'x'; /* other things are */
	}
}

static void asks_for_no_window_beyond_its_limit(void **state)
{
	SC_CLEAN(free_p) struct packed *p = calloc(1, sizeof(*p));
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
	lzma_options_lzma options;
	lzma_filter filters[] = { { LZMA_FILTER_LZMA2, &options },
				  { LZMA_VLI_UNKNOWN, NULL } };
	struct sc_error err = { 0 };

	(void)state;
	assert_non_null(p);
	assert_false(lzma_lzma_preset(&options, 0));
	options.mf = LZMA_MF_HC3;
	options.dict_size = (uint32_t)64 << 20;
	assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32,
						   NULL, (const uint8_t *)"x\n",
						   2, (uint8_t *)p->bytes,
						   &p->n, MAX),
			 LZMA_OK);
	assert_int_equal(
		read_all((struct sc_str){ p->bytes, p->n }, 1000, &out, &err),
		SC_ELIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_all_members),
		cmocka_unit_test(unpacks_nothing_out_of_nothing),
		cmocka_unit_test(tells_where_it_was_cut),
		cmocka_unit_test(tells_that_it_is_corrupt),
		cmocka_unit_test(asks_for_no_window_beyond_its_limit),
	};

	return cmocka_run_group_tests_name("unpack", tests, NULL, NULL);
}
