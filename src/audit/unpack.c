#include "audit/unpack.h"

#include "base/clean.h"

#include <inttypes.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define MEMORY ((uint64_t)40 << 20) /* for a window of what came out */
#define WINDOW_LOG 25               /* the same for zstd: 32 MiB */
#define GZIP_ONLY (16 + MAX_WBITS)

struct sc_unpack {
	enum sc_packing packing;
	sc_read_fn *read;
	void *from;
	unsigned char in[SC_UNPACK_HEAD];
	size_t at, n;    /* of .in */
	uint64_t passed; /* packed bytes before .in */
	uint64_t given;  /* bytes that came out */
	bool ended;      /* no more packed bytes come */
	bool between;    /* nothing has begun that is not done */
	struct sc_error broken;

	z_stream gzip;
	lzma_stream xz;
	ZSTD_DStream *zstd;
};

int sc_packing_of(struct sc_str head, enum sc_packing *out,
		  struct sc_error *err)
{
	static const struct {
		struct sc_str magic;
		enum sc_packing packing; /* NONE: not read */
		const char *what;
	} forms[] = {
		{ SC_STR("\x1f\x8b"), SC_PACKING_GZIP, NULL },
		{ SC_STR("\xfd"
			 "7zXZ\0"),
		  SC_PACKING_XZ, NULL },
		{ SC_STR("\x28\xb5\x2f\xfd"), SC_PACKING_ZSTD, NULL },
		{ SC_STR("BZh"), SC_PACKING_NONE,
		  "packed by bzip2: write bzip2 -dc FILE | selcage log -" },
		{ SC_STR("\x04\x22\x4d\x18"), SC_PACKING_NONE,
		  "packed by lz4: write lz4 -dc FILE | selcage log -" },
		{ SC_STR("LPKSHHRH"), SC_PACKING_NONE,
		  "a file of the journal: write journalctl --file FILE -o "
		  "short-iso | selcage log -" },
	};

	*out = SC_PACKING_NONE;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (head.n < forms[i].magic.n ||
		    memcmp(head.s, forms[i].magic.s, forms[i].magic.n) != 0)
			continue;
		if (forms[i].what)
			return sc_fail(err, SC_EREFUSED, "it is %s",
				       forms[i].what);
		*out = forms[i].packing;
	}
	return 0;
}

static bool start(struct sc_unpack *u)
{
	switch (u->packing) {
	case SC_PACKING_GZIP:
		return inflateInit2(&u->gzip, GZIP_ONLY) == Z_OK;
	case SC_PACKING_XZ:
		return lzma_stream_decoder(&u->xz, MEMORY, LZMA_CONCATENATED) ==
		       LZMA_OK;
	case SC_PACKING_ZSTD:
		u->zstd = ZSTD_createDStream();
		return u->zstd &&
		       !ZSTD_isError(ZSTD_DCtx_setParameter(
			       u->zstd, ZSTD_d_windowLogMax, WINDOW_LOG));
	case SC_PACKING_NONE:
	default:
		return false;
	}
}

SC_DEFINE_CLEAN(struct sc_unpack, sc_unpack_free)

int sc_unpack_new(enum sc_packing packing, struct sc_str head, sc_read_fn *read,
		  void *from, struct sc_unpack **out, struct sc_error *err)
{
	SC_CLEAN(sc_unpack_free_p) struct sc_unpack *u = calloc(1, sizeof(*u));

	if (!u)
		return sc_no_memory(err);
	u->packing = packing;
	u->read = read;
	u->from = from;
	memcpy(u->in, head.s, head.n);
	u->n = head.n;
	if (!start(u))
		return sc_no_memory(err);
	*out = SC_TAKE(u);
	return 0;
}

void sc_unpack_free(struct sc_unpack *u)
{
	if (u->packing == SC_PACKING_GZIP)
		(void)inflateEnd(&u->gzip);
	if (u->packing == SC_PACKING_XZ)
		lzma_end(&u->xz);
	ZSTD_freeDStream(u->zstd);
	free(u);
}

/* Where it stands, in a sentence about what is wrong there. */
static int fail_at(struct sc_unpack *u, const char *what, struct sc_error *err)
{
	return sc_fail(err, SC_ESYNTAX,
		       "%s after %" PRIu64 " packed bytes, %" PRIu64
		       " bytes unpacked",
		       what, u->passed + u->at, u->given);
}

static int fail_limit(struct sc_error *err)
{
	return sc_fail(err, SC_ELIMIT,
		       "it takes more memory to unpack than we give it: unpack "
		       "it first, by xz -dc FILE | selcage log - or zstd -dc");
}

/* What is written after the last member: nothing, or zeros up to the size of a
 * tape's block. */
static bool is_padding(const struct sc_unpack *u)
{
	for (size_t i = u->at; i < u->n; i++)
		if (u->in[i])
			return false;
	return true;
}

static int step_gzip(struct sc_unpack *u, char *to, size_t n, size_t *got,
		     struct sc_error *err)
{
	z_stream *z = &u->gzip;
	int r;

	if (u->between && is_padding(u)) {
		u->at = u->n;
		return 0;
	}
	z->next_in = u->in + u->at;
	z->avail_in = (uInt)(u->n - u->at);
	z->next_out = (Bytef *)to;
	z->avail_out = (uInt)n;
	u->between = u->between && !z->avail_in;
	r = inflate(z, Z_NO_FLUSH);
	u->at = u->n - z->avail_in;
	*got = n - z->avail_out;
	if (r == Z_STREAM_END) {
		u->between = true;
		r = inflateReset(z);
	}
	if (r == Z_MEM_ERROR)
		return sc_no_memory(err);
	return r == Z_OK || r == Z_BUF_ERROR
		       ? 0
		       : fail_at(u, "the gzip data is corrupt", err);
}

static int step_xz(struct sc_unpack *u, char *to, size_t n, size_t *got,
		   struct sc_error *err)
{
	lzma_stream *x = &u->xz;
	lzma_ret r;

	x->next_in = u->in + u->at;
	x->avail_in = u->n - u->at;
	x->next_out = (uint8_t *)to;
	x->avail_out = n;
	r = lzma_code(x, u->ended ? LZMA_FINISH : LZMA_RUN);
	u->at = u->n - x->avail_in;
	*got = n - x->avail_out;
	u->between = r == LZMA_STREAM_END;
	if (r == LZMA_MEM_ERROR)
		return sc_no_memory(err);
	if (r == LZMA_MEMLIMIT_ERROR)
		return fail_limit(err);
	/* LZMA_BUF_ERROR: nothing more can come of what there is. */
	return r == LZMA_OK || r == LZMA_STREAM_END || r == LZMA_BUF_ERROR
		       ? 0
		       : fail_at(u, "the xz data is corrupt", err);
}

static int step_zstd(struct sc_unpack *u, char *to, size_t n, size_t *got,
		     struct sc_error *err)
{
	ZSTD_inBuffer in = { u->in + u->at, u->n - u->at, 0 };
	ZSTD_outBuffer out = { .size = n };
	size_t r;

	out.dst = to;
	/* Between frames, asking without input would begin the next one. */
	if (u->between && !in.size)
		return 0;
	r = ZSTD_decompressStream(u->zstd, &out, &in);
	u->at += in.pos;
	*got = out.pos;
	u->between = r == 0;
	if (!ZSTD_isError(r))
		return 0;
	if (ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation)
		return sc_no_memory(err);
	if (ZSTD_getErrorCode(r) == ZSTD_error_frameParameter_windowTooLarge)
		return fail_limit(err);
	return fail_at(u, "the zstd data is corrupt", err);
}

static int step(struct sc_unpack *u, char *to, size_t n, size_t *got,
		struct sc_error *err)
{
	switch (u->packing) {
	case SC_PACKING_GZIP:
		return step_gzip(u, to, n, got, err);
	case SC_PACKING_XZ:
		return step_xz(u, to, n, got, err);
	case SC_PACKING_ZSTD:
		return step_zstd(u, to, n, got, err);
	case SC_PACKING_NONE:
	default:
		return sc_fail(err, SC_ESYNTAX, "it is not packed");
	}
}

static int refill(struct sc_unpack *u, struct sc_error *err)
{
	long got = u->read(u->from, (char *)u->in, sizeof(u->in));

	if (got < 0)
		return sc_fail_os(err, "cannot read");
	u->passed += u->n;
	u->at = 0;
	u->n = (size_t)got;
	u->ended = got == 0;
	return 0;
}

long sc_unpack_read(struct sc_unpack *u, char *to, size_t n,
		    struct sc_error *err)
{
	size_t got = 0;

	if (u->broken.code) {
		*err = u->broken;
		return err->code;
	}
	while (!got) {
		if (u->at == u->n && !u->ended && refill(u, err) < 0)
			return err->code;
		if (step(u, to, n, &got, &u->broken) < 0)
			break;
		if (!got && u->ended && u->at == u->n)
			return u->between ? 0
					  : fail_at(u, "the packed data ends",
						    err);
	}
	u->given += got;
	if (got)
		return (long)got;
	*err = u->broken;
	return err->code;
}
