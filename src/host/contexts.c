#include "host/contexts.h"

#include "base/buf.h"
#include "base/clean.h"
#include "base/vec.h"

#include <fcntl.h>

#define SHOWN_MAX 200

static const struct sc_str defaults =
	SC_STR("[files]\n/etc/passwd\n/etc/shadow\n/bin/bash\n/bin/login\n"
	       "/bin/sh\n/sbin/agetty\n/sbin/init\n/usr/sbin/sshd\n"
	       "[process]\n/sbin/agetty\n/usr/sbin/sshd\n");

struct showing {
	const struct sc_host *host;
	const struct sc_status *s;
	struct sc_arena *a;
	struct sc_shown_contexts *out;
};

static int add(struct showing *show, struct sc_str name, struct sc_str context,
	       struct sc_str link, struct sc_error *err)
{
	const struct sc_shown_context one = { name, context, link };

	if (!context.n || show->out->n >= SHOWN_MAX)
		return 0;
	return SC_PUSH(show->a, show->out, one) ? 0 : sc_no_memory(err);
}

static int show_process(struct showing *show, struct sc_str path,
			struct sc_error *err)
{
	const char *slash = memrchr(path.s, '/', path.n);
	const struct sc_process *p =
		slash ? sc_process_named(&show->s->processes,
					 sc_view(slash + 1))
		      : NULL;

	return p ? add(show, path, p->label, (struct sc_str){ 0 }, err) : 0;
}

static int show_file(struct showing *show, struct sc_str path,
		     struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = sc_host_fd(show->host, path.s, O_PATH);
	struct sc_str context = { 0 }, link = { 0 };
	struct stat st;

	if (fd < 0 || !sc_context_of_fd(fd, show->a, &context))
		return 0;
	/* Below a root a link's own label is not looked for. */
	if (!show->host->root && lstat(path.s, &st) == 0 && S_ISLNK(st.st_mode))
		(void)sc_context_of(path.s, show->a, &link);
	return add(show, path, context, link, err);
}

/* The lines below the heading @wanted, each a path. */
static int show_part(struct showing *show, struct sc_str text,
		     struct sc_str wanted,
		     int (*one)(struct showing *, struct sc_str,
				struct sc_error *),
		     struct sc_error *err)
{
	bool inside = false;
	struct sc_str line;
	int r = 0;

	while (r == 0 && sc_take_part(&text, '\n', &line)) {
		while (line.n && (line.s[line.n - 1] <= ' '))
			line.n--;
		if (line.n && *line.s == '[')
			inside = sc_str_eq(line, wanted);
		if (!inside || !line.n || *line.s != '/')
			continue;
		if (!sc_keep(show->a, line, &line))
			return sc_no_memory(err);
		r = one(show, line, err);
	}
	return r;
}

int sc_contexts_show(const struct sc_host *h, const struct sc_status *s,
		     struct sc_arena *a, struct sc_shown_contexts *out,
		     struct sc_error *err)
{
	struct sc_shown_contexts shown = { 0 };
	struct showing show = { h, s, a, &shown };
	struct sc_str text = { 0 };
	struct sc_error ignored;
	int r;

	*out = shown;
	if (!s->state.mounted)
		return 0;
	if (sc_host_read(h, "/etc/sestatus.conf", a, &text, &ignored) < 0)
		text = defaults;
	r = add(&show, SC_STR("this process"), s->state.own,
		(struct sc_str){ 0 }, err);
	if (r == 0 && s->processes.n && s->processes.v[0].pid == 1)
		r = add(&show, SC_STR("process 1"), s->processes.v[0].label,
			(struct sc_str){ 0 }, err);
	if (r == 0)
		r = show_part(&show, text, SC_STR("[process]"), show_process,
			      err);
	if (r == 0)
		r = show_part(&show, text, SC_STR("[files]"), show_file, err);
	if (r == 0)
		*out = shown;
	return r;
}
