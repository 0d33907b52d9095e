/* path.h - the path that a denial is about, out of the PATH records. */
#ifndef SC_AUDIT_PATH_H
#define SC_AUDIT_PATH_H

#include "audit/object.h"

/*
 * The whole path of what @avc calls @name, in @a: of the PATH record that has
 * its inode or its name. @name itself if none can be it, or if none says where
 * it starts. False without memory.
 */
bool sc_path_find(const struct sc_avc *avc, struct sc_str name,
		  const struct sc_scene *scene, struct sc_arena *a,
		  struct sc_str *out);

/* The whole path of @item; its name alone if none says where that starts. */
bool sc_path_of_item(const struct sc_path_item *item,
		     const struct sc_scene *scene, struct sc_arena *a,
		     struct sc_str *out);

#endif
