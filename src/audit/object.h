/*
 * object.h - what an access was about, in one text: a path, a port, the name of
 * a capability.
 *
 * The AVC has a path only where the kernel had one at hand (open files), else
 * the last part of it and the inode. The PATH records of the same system call
 * have what the program asked for: several items, parents and children, each
 * absolute or relative to the working folder, or to a folder that the program
 * had open and that no record tells.
 */
#ifndef SC_AUDIT_OBJECT_H
#define SC_AUDIT_OBJECT_H

#include "audit/avc.h"
#include "base/arena.h"

#define SC_ITEMS_MAX 16

/* One PATH record. */
struct sc_path_item {
	struct sc_str name; /* decoded; empty: the kernel had none */
	struct sc_str inode;
	struct sc_str label;
	struct sc_str nametype;   /* NORMAL, PARENT, CREATE, DELETE, UNKNOWN */
	struct sc_str ouid, ogid; /* digits */
	struct sc_str mode;       /* octal digits */
};

/* What the other records of the event tell. */
struct sc_scene {
	struct sc_str arch, syscall, a0, a1, a2; /* as logged */
	struct sc_str cwd;                       /* decoded */
	struct sc_str address;                   /* of SOCKADDR, as text */
	struct sc_str module;                    /* of KERN_MODULE, decoded */
	struct sc_str avc_path;                  /* of AVC_PATH, decoded */
	struct sc_path_item ipc;                 /* owner and mode alone */
	size_t n_items;
	struct sc_path_item items[SC_ITEMS_MAX];
};

/* The object of @avc, in @a; empty if it has none. False without memory. */
bool sc_object_text(const struct sc_avc *avc, const struct sc_scene *scene,
		    struct sc_arena *a, struct sc_str *out);

/* "10.0.0.5 port 3306", "/run/x.sock", "@abstract", "netlink kernel" out of a
 * SOCKADDR's bytes; "family 12" for what we don't know. False without memory.
 */
bool sc_address_text(struct sc_str bytes, struct sc_arena *a,
		     struct sc_str *out);

/* "sys_admin" for "21"; empty if it has no name. */
struct sc_str sc_capability_name(struct sc_str number);

#endif
