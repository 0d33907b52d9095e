/*
 * error.h - how a function says that it failed, and why.
 *
 * A function that can fail returns 0 or a negative enum sc_err, and takes a
 * struct sc_error as its last parameter, which it fills only when it fails.
 * The struct lives on the stack of whoever wants to know; nothing in it needs
 * freeing, and filling it allocates nothing.
 */
#ifndef SC_BASE_ERROR_H
#define SC_BASE_ERROR_H

#include <stdint.h>

#define SC_WORDS_MAX 160 /* of another library, in a message of ours */
#define SC_MUST_USE __attribute__((warn_unused_result))
#define SC_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* One code for each thing that a caller does differently. */
enum sc_err {
	SC_ENOMEM = -1,    /* out of memory */
	SC_ESYSTEM = -2,   /* a system call failed: see os_errno */
	SC_ESYNTAX = -3,   /* the input is not what it claims to be: see line */
	SC_ELIMIT = -4,    /* the input is larger or deeper than we accept */
	SC_ENOTFOUND = -5, /* no such type, class, module or file */
	SC_EREFUSED = -6,  /* a check said no; nothing was changed */
	SC_EPOLICY = -7,   /* libsepol or libsemanage failed: see msg */
};

struct sc_error {
	enum sc_err code;
	int os_errno;  /* with SC_ESYSTEM, else 0 */
	uint32_t line; /* with SC_ESYNTAX, counted from 1; 0: not known */
	char msg[512]; /* one line, no full stop, never empty */
};

/* Fill @err and return @code, so that one line can both say and return. */
int sc_fail(struct sc_error *err, enum sc_err code, const char *fmt, ...)
	SC_PRINTF(3, 4);

/* The same with SC_ENOMEM, of which there is no more to say. */
static inline int sc_no_memory(struct sc_error *err)
{
	(void)sc_fail(err, SC_ENOMEM, "out of memory");
	return SC_ENOMEM;
}

/* The same for a system call that just failed; appends what errno means. */
int sc_fail_os(struct sc_error *err, const char *fmt, ...) SC_PRINTF(2, 3);

/*
 * Put what we were doing before what went wrong, and return the code that
 * @err holds: "loading 'web.cil'" before "unknown type 'web_t'".
 */
int sc_while(struct sc_error *err, const char *fmt, ...) SC_PRINTF(2, 3);

#endif
