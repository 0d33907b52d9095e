/*
 * patch_check.h - whether a patch did what it should and nothing else. Not for
 * others.
 */
#ifndef SC_SPEC_PATCH_CHECK_H
#define SC_SPEC_PATCH_CHECK_H

#include "doc/doc.h"
#include "spec/patch.h"

/* Whether an entry of security_opt gives way to what @patch says. */
bool sc_patch_replaces(const struct sc_patch *patch, struct sc_str entry);

/*
 * The mount of @patch that stands at @node, an item of volumes; or NULL. @next
 * is where to look first, and moves on: mostly they come in their order.
 */
int sc_patch_find_mount(const struct sc_patch *patch,
			const struct sc_doc_node *node, struct sc_arena *a,
			size_t *next, const struct sc_mount **out,
			struct sc_error *err) SC_MUST_USE;

/*
 * Compare the file as it was with what it has become, both as trees: equal but
 * for what @patches ask for, and that done. SC_EREFUSED if not.
 */
int sc_patch_check(const struct sc_doc_node *old, const struct sc_doc_node *new,
		   const struct sc_patch *patches, size_t n, struct sc_arena *a,
		   struct sc_error *err) SC_MUST_USE;

#endif
