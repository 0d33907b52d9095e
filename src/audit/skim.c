#include "audit/skim.h"

#include "audit/tear.h"

/* By its first byte alone, most of the time. */
static bool begins(struct sc_str type)
{
	switch (type.n ? *type.s : '\0') {
	case 'C': /* CWD, CRED_ACQ */
	case 'E': /* EXECVE, EOE */
	case 'P': /* PATH, PROCTITLE */
		return false;
	default:
		return sc_kind_begins(sc_record_kind(type));
	}
}

size_t sc_skim(struct sc_str lines, struct sc_quiet *out, size_t room)
{
	const char *from = lines.s;
	struct sc_head head = { .n = 0 };
	struct sc_quiet *last = NULL;
	size_t n = 0;
	struct sc_str line;

	while (sc_take_until(&lines, '\n', &line)) {
		uint32_t start = (uint32_t)(line.s - from);
		uint32_t end = (uint32_t)(lines.s - from);
		struct sc_record r;
		bool same = sc_record_read_same(line, &head, &r);

		if (!same) {
			last = NULL;
			if (!sc_record_read(line, &r) || r.node.n)
				continue;
			sc_head_keep(&head, line, &r);
		}
		if (begins(r.type) || sc_tear_ends(line)) {
			last = NULL;
		} else if (last) {
			last->end = end;
			last->lines++;
		} else {
			if (n == room)
				break;
			last = &out[n++];
			*last = (struct sc_quiet){ start, end, 1, r.stamp };
		}
	}
	return n;
}
