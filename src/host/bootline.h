/*
 * bootline.h - the kernel's command lines of a host: that of the running
 * kernel, and all that a later boot may use, wherever a boot loader keeps them.
 */
#ifndef SC_HOST_BOOTLINE_H
#define SC_HOST_BOOTLINE_H

#include "host/host.h"
#include "policy/config.h"

struct sc_boot_line {
	struct sc_str file; /* as seen from the root */
	uint32_t line;      /* in it, counted from 1 */
	struct sc_str text; /* the words themselves */
	struct sc_cmdline says;
	bool running; /* of the kernel that runs now */

	/* Where the others are made from (/etc/default/grub), or a variable
	 * that one of them asks for: it need not be a whole line. */
	bool part;
};

struct sc_boot_lines {
	struct sc_boot_line *v; /* the running one first, then by file */
	size_t n;
	size_t room;
	struct sc_str trouble; /* the first file that could not be read */
};

/* Errors: SC_ENOMEM. */
int sc_boot_lines_read(const struct sc_host *h, struct sc_arena *a,
		       struct sc_boot_lines *out, struct sc_error *err)
	SC_MUST_USE;

enum sc_boot_form {
	SC_BOOT_BARE,  /* all of it is one line: /proc/cmdline */
	SC_BOOT_BLS,   /* "options ..." of an entry */
	SC_BOOT_GRUB,  /* "linux PATH ..." of a grub.cfg */
	SC_BOOT_LINUX, /* "append ..." of extlinux.conf */
	SC_BOOT_SHELL, /* GRUB_CMDLINE_LINUX*="..." */
	SC_BOOT_ENV,   /* kernelopts=... of a grubenv */
};

/* The lines in one text; every view points into it or into @a. */
int sc_boot_text_read(struct sc_str text, enum sc_boot_form form,
		      struct sc_str file, struct sc_arena *a,
		      struct sc_boot_lines *out, struct sc_error *err)
	SC_MUST_USE;

#endif
