/*
 * vec.h - arrays that grow inside an arena.
 *
 * A vector is any struct with the members v (pointer to its items), n (items
 * in use) and room (items there is space for), zeroed when empty. What it held
 * before it grew stays in the arena until the arena goes, so a vector costs at
 * most twice its size.
 */
#ifndef SC_BASE_VEC_H
#define SC_BASE_VEC_H

#include "base/arena.h"

/* @v with space for one more item; NULL, and nothing changed, without memory.
 */
void *sc_grow(struct sc_arena *a, void *v, size_t n, size_t *room, size_t size);

/* Append @item to @vec; false without memory. */
#define SC_PUSH(a, vec, item)                                                \
	({                                                                   \
		void *sc_v_ = sc_grow((a), (vec)->v, (vec)->n, &(vec)->room, \
				      sizeof(*(vec)->v));                    \
		if (sc_v_) {                                                 \
			(vec)->v = sc_v_;                                    \
			(vec)->v[(vec)->n++] = (item);                       \
		}                                                            \
		sc_v_ != NULL;                                               \
	})

#endif
