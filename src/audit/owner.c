#include "audit/owner.h"

#include "audit/path.h"

bool sc_owner_matters(const struct sc_avc *avcs, size_t n)
{
	static const struct sc_str powers[] = {
		SC_STR("chown"),  SC_STR("dac_override"),
		SC_STR("fowner"), SC_STR("dac_read_search"),
		SC_STR("fsetid"),
	};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < sizeof(powers) / sizeof(*powers); k++)
			if (avcs[i].capability.n &&
			    sc_has_part(avcs[i].perms, ' ', powers[k]))
				return true;
	return false;
}

static bool is_of(const struct sc_path_item *item, const char *nametype)
{
	return sc_str_eq(item->nametype, sc_view(nametype));
}

/* The first item of that kind which the kernel had found on disk. */
static const struct sc_path_item *first(const struct sc_scene *s,
					const char *nametype)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (is_of(&s->items[i], nametype) && s->items[i].inode.n)
			return &s->items[i];
	return NULL;
}

static bool changes_folder(const struct sc_scene *s)
{
	for (size_t i = 0; i < s->n_items; i++)
		if (is_of(&s->items[i], "CREATE") ||
		    is_of(&s->items[i], "DELETE"))
			return true;
	return false;
}

/* To make or remove a file, it is its folder that must be writable; to use one,
 * it is that itself, or a folder on the way if it was not reached. */
static const struct sc_path_item *find_item(const struct sc_scene *s)
{
	const struct sc_path_item *file = first(s, "NORMAL");

	return file && !changes_folder(s) ? file : first(s, "PARENT");
}

/* The bits of "0100640" that chmod sets. */
static struct sc_str without_kind(struct sc_str mode)
{
	if (mode.n > 4)
		sc_str_drop(&mode, mode.n - 4);
	return mode;
}

bool sc_owner_find(const struct sc_scene *scene, struct sc_arena *a,
		   struct sc_owner *out)
{
	const struct sc_path_item *item = find_item(scene);

	*out = (struct sc_owner){ 0 };
	if (!item || !item->ouid.n)
		return true;
	out->uid = item->ouid;
	out->gid = item->ogid;
	out->mode = without_kind(item->mode);
	return sc_path_of_item(item, scene, a, &out->path);
}
