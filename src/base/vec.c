#include "base/vec.h"

void *sc_grow(struct sc_arena *a, void *v, size_t n, size_t *room, size_t size)
{
	size_t want = *room ? *room * 2 : 16;
	void *bigger;

	if (n < *room)
		return v;
	bigger = sc_alloc(a, want, size);
	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, v, n * size);
	*room = want;
	return bigger;
}
