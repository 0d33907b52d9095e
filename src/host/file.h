/*
 * file.h - all that makes a file what it is: bytes, mode, owner and extended
 * attributes, its label among them. Read as one value, kept as one text, put in
 * place as one; below a root no link leads out of it.
 */
#ifndef SC_HOST_FILE_H
#define SC_HOST_FILE_H

#include "base/buf.h"
#include "base/sha256.h"
#include "host/host.h"

#define SC_FILE_XATTRS 64 /* of one file, at most */

struct sc_xattr {
	struct sc_str name;
	struct sc_str value; /* any bytes */
};

struct sc_file {
	bool there;
	bool folder;   /* of which all but what is in it is told */
	uint32_t mode; /* the bits of chmod() */
	uint32_t uid, gid;
	struct sc_xattr xattrs[SC_FILE_XATTRS]; /* sorted by name */
	size_t n_xattrs;
	struct sc_str bytes;
	struct sc_str sealed; /* SHA-256 of bytes that nobody kept; or empty */
};

/*
 * The file or folder at @path, which starts with '/'; one that is not there is
 * no error. Errors: SC_EREFUSED for a link, for what is neither file nor folder
 * and for a file with a second name; SC_ELIMIT; SC_ESYSTEM; SC_ENOMEM.
 */
int sc_file_state(const struct sc_host *h, struct sc_str path,
		  struct sc_arena *a, struct sc_file *out, struct sc_error *err)
	SC_MUST_USE;

/*
 * Make @path what @file says, or make it vanish. Of a file that has these bytes
 * and attributes only mode and owner are set; any other is written beside it,
 * under a name that begins with a dot, and renamed once it is on disk. Errors:
 * as above, and SC_ENOTFOUND if its folder is missing; SC_EREFUSED if @file is
 * sealed and the one in place has other bytes.
 */
int sc_file_put(const struct sc_host *h, struct sc_str path,
		const struct sc_file *file, struct sc_error *err) SC_MUST_USE;

bool sc_file_same(const struct sc_file *a, const struct sc_file *b);
bool sc_file_same_bytes(const struct sc_file *a, const struct sc_file *b);

/* Of the bytes keep the digest alone: for one of which only mode and owner
 * change, and which may be a key. False without memory. */
bool sc_file_seal(struct sc_file *file, struct sc_arena *a) SC_MUST_USE;

/* Remove what sc_file_put() may have left beside @path when it was killed. */
void sc_file_tidy(const struct sc_host *h, struct sc_str path);

/* For a new file: the label of the folder that it comes into, if that has one.
 */
int sc_file_label_as_folder(const struct sc_host *h, struct sc_str path,
			    struct sc_arena *a, struct sc_file *file,
			    struct sc_error *err) SC_MUST_USE;

/* As a text for the ledger, and back. Errors of reading: SC_ESYNTAX. */
void sc_file_write(const struct sc_file *file, struct sc_buf *out);
int sc_file_parse(struct sc_str text, struct sc_arena *a, struct sc_file *out,
		  struct sc_error *err) SC_MUST_USE;

/* The digest of that text, in @a; empty for one that is not there. */
int sc_file_digest(const struct sc_file *file, struct sc_arena *a,
		   struct sc_str *out, struct sc_error *err) SC_MUST_USE;

#endif
