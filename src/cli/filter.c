#include "cli/filter.h"

#include "cli/when.h"
#include "cli/whose.h"

int sc_filter_read(const struct sc_filter_words *words, struct sc_filter *out,
		   struct sc_error *err)
{
	struct sc_now now = sc_when_now();

	*out = (struct sc_filter){
		.source = words->source,
		.target = words->target,
		.tclass = words->tclass,
		.perm = words->perm,
		.comm = words->comm,
		.last_reload = words->last_reload,
	};
	if (words->container &&
	    sc_whose_find(words->container, &out->container, err) < 0)
		return sc_while(err, "--container");
	if (words->since &&
	    sc_when_read(words->since, now, false, &out->since_ms, err) < 0)
		return sc_while(err, "--since");
	if (words->until &&
	    sc_when_read(words->until, now, true, &out->until_ms, err) < 0)
		return sc_while(err, "--until");
	if (!words->checkpoint)
		return 0;
	out->checkpoint = &out->point;
	if (sc_checkpoint_read(words->checkpoint, &out->point, err) < 0)
		return sc_while(err, "--checkpoint");
	return 0;
}

int sc_filter_end(const struct sc_filter_words *words,
		  const struct sc_filter *f, FILE *out, struct sc_error *err)
{
	if (!words->checkpoint)
		return 0;
	if (fflush(out) != 0)
		return sc_fail_os(err, "cannot write the output");
	if (sc_checkpoint_write(words->checkpoint, f->checkpoint, err) < 0)
		return sc_while(err, "--checkpoint");
	return 0;
}
