#include "host/look.h"

#include "base/clean.h"
#include "base/table.h"

#include <errno.h>
#include <fcntl.h>

/* What is wanted of files: "mode 644 folder 755 owner root:root". */
struct wanted {
	bool has_mode, has_owner;
	unsigned file, folder; /* bits beyond these are too many */
};

static unsigned octal(struct sc_str v)
{
	unsigned n = 0;

	for (size_t i = 0; i < v.n && v.s[i] >= '0' && v.s[i] <= '7'; i++)
		n = n * 8 + (unsigned)(v.s[i] - '0');
	return n;
}

static struct wanted read_wanted(struct sc_str want)
{
	struct wanted w = { 0 };
	struct sc_str word, value;

	while (sc_take_word(&want, &word) && sc_take_word(&want, &value)) {
		if (sc_str_eq(word, SC_STR("mode")))
			w.file = octal(value);
		else if (sc_str_eq(word, SC_STR("folder")))
			w.folder = octal(value);
		w.has_mode = w.has_mode || !sc_str_eq(word, SC_STR("owner"));
		w.has_owner = w.has_owner || sc_str_eq(word, SC_STR("owner"));
	}
	return w;
}

/* ---- names of users */

/* The name of number @id in the text of /etc/passwd or /etc/group. */
static bool name_of(struct sc_look *l, const char *file, unsigned id,
		    struct sc_str *out)
{
	struct sc_str text = { 0 }, line, part;
	struct sc_error ignored; /* then the number must do */

	if (sc_host_read(l->machine->host, file, l->a, &text, &ignored) < 0)
		return false;
	while (sc_take_part(&text, '\n', &line)) {
		uint64_t number;

		if (!sc_take_until(&line, ':', out) ||
		    !sc_take_until(&line, ':', &part) ||
		    !sc_take_u64(&line, &number))
			continue;
		if (number == id)
			return true;
	}
	return false;
}

/* "root:adm", and numbers where there is no name. Root is number 0, whatever it
 * is called. */
static struct sc_str owner_of(struct sc_look *l, const struct stat *st)
{
	struct sc_str user, group, out = SC_STR("");
	bool ok;

	ok = st->st_uid ? name_of(l, "/etc/passwd", st->st_uid, &user) : true;
	if (!st->st_uid)
		user = SC_STR("root");
	else if (!ok && !sc_keepf(l->a, &user, "%u", st->st_uid))
		l->no_memory = true;
	ok = st->st_gid ? name_of(l, "/etc/group", st->st_gid, &group) : true;
	if (!st->st_gid)
		group = SC_STR("root");
	else if (!ok && !sc_keepf(l->a, &group, "%u", st->st_gid))
		l->no_memory = true;
	if (!l->no_memory && !sc_keepf(l->a, &out, SC_FMT ":" SC_FMT,
				       SC_ARG(user), SC_ARG(group)))
		l->no_memory = true;
	return out;
}

/* ---- one file */

static void add(struct sc_look *l, struct sc_str path, struct sc_str now,
		struct sc_str wanted, bool wrong)
{
	struct sc_evidence *e = sc_look_add(l, path, now, wanted, wrong);

	e->path = e->what;
}

static void add_mode(struct sc_look *l, struct sc_str path, mode_t mode,
		     unsigned most)
{
	unsigned bits = mode & 07777u;
	struct sc_str now, wanted;

	if (!sc_keepf(l->a, &now, "%04o", bits) ||
	    !sc_keepf(l->a, &wanted, "%04o", bits & most)) {
		l->no_memory = true;
		return;
	}
	if (bits & ~0777u)
		sc_look_note(l, "with set-user-ID, set-group-ID or sticky");
	add(l, path, now, wanted, (bits & ~most) != 0);
}

/* Which folder above @path is closed to all but root? */
static bool is_sheltered(struct sc_look *l, struct sc_str path,
			 struct sc_str *by)
{
	struct stat st;

	for (size_t n = path.n; n > 1; n--) {
		if (path.s[n - 1] != '/' || n == path.n)
			continue;
		if (!sc_keep(l->a, (struct sc_str){ path.s, n - 1 }, by)) {
			l->no_memory = true;
			return false;
		}
		if (sc_host_stat(l->machine->host, by->s, &st) && !st.st_uid &&
		    !(st.st_mode & 0011))
			return true;
	}
	return false;
}

/* True if it is there. */
static bool look_at(struct sc_look *l, struct sc_str path,
		    const struct wanted *w)
{
	struct sc_str owner, by;
	struct stat st;
	unsigned most;

	if (!sc_host_stat(l->machine->host, path.s, &st)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return false;
		sc_look_trouble(l, "'" SC_FMT "' cannot be reached: %s",
				SC_ARG(path), strerror(errno));
		return true;
	}
	most = S_ISDIR(st.st_mode) ? w->folder : w->file;
	if (w->has_mode) {
		add_mode(l, path, st.st_mode, most);
		if ((st.st_mode & 07777u & ~most) && is_sheltered(l, path, &by))
			sc_look_note(l,
				     "but below " SC_FMT
				     ", into which root alone gets",
				     SC_ARG(by));
	}
	if (w->has_owner) {
		owner = owner_of(l, &st);
		add(l, path, owner, SC_STR("root:root"),
		    st.st_uid || st.st_gid);
	}
	return true;
}

/* ---- which files */

static void look_at_named(struct sc_look *l, struct sc_str path,
			  struct sc_str trouble, const char *none)
{
	const struct wanted w = read_wanted(l->v->check.want);

	if (trouble.n && !path.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(trouble));
		return;
	}
	if (!path.n)
		sc_look_say(l, SC_NA, "%s", none);
	else if (!look_at(l, path, &w))
		sc_look_say(l, SC_NA, "there is no '" SC_FMT "'", SC_ARG(path));
}

static void look_at_units(struct sc_look *l)
{
	const struct sc_service *s = &l->machine->kubelet.service;
	const struct wanted w = read_wanted(l->v->check.want);

	if (!s->there)
		sc_look_say(l, SC_NA, "no unit of systemd starts it");
	for (size_t i = 0; i < s->files.n; i++)
		(void)look_at(l, s->files.v[i], &w);
}

static void look_at_drop_ins(struct sc_look *l)
{
	const struct sc_kubelet *k = &l->machine->kubelet;
	const struct wanted w = read_wanted(l->v->check.want);

	if (k->trouble.n && !k->config_dir.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(k->trouble));
	else if (!k->config_dir.n)
		sc_look_say(l, SC_NA, "it is given no --config-dir");
	else if (!look_at(l, k->config_dir, &w))
		sc_look_say(l, SC_NA, "there is no '" SC_FMT "'",
			    SC_ARG(k->config_dir));
	if (k->drop_in_trouble.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(k->drop_in_trouble));
	for (size_t i = 0; i < k->drop_in_folders.n; i++)
		(void)look_at(l, k->drop_in_folders.v[i], &w);
	for (size_t i = 0; i < k->drop_ins.n; i++)
		(void)look_at(l, k->drop_ins.v[i].path, &w);
}

static void look_at_ca(struct sc_look *l)
{
	struct sc_error err;
	struct sc_value v;

	if (sc_kubelet_value(&l->machine->kubelet,
			     SC_STR("authentication.x509.clientCAFile"), l->a,
			     &v, &err) < 0) {
		l->no_memory = true;
		return;
	}
	look_at_named(l, v.trouble.n ? SC_STR("") : v.text, v.trouble,
		      "it believes no client's certificate");
}

static void look_at_proxy(struct sc_look *l)
{
	const struct sc_proxy *p = &l->machine->proxy;

	if (!p->there)
		sc_look_say(l, SC_NA,
			    "no kube-proxy runs here, and no unit "
			    "starts one");
	else if (p->in_container)
		sc_look_say(l, SC_NA,
			    "kube-proxy runs in a pod, with the pod's own");
	else
		look_at_named(l, p->kubeconfig,
			      p->trouble.n ? p->trouble : p->config.trouble,
			      "kube-proxy is told of none");
}

void sc_check_files(struct sc_look *l, struct sc_str name)
{
	const struct sc_kubelet *k = &l->machine->kubelet;

	if (sc_str_eq(name, SC_STR("proxy-kubeconfig"))) {
		look_at_proxy(l);
		return;
	}
	if (k->inside.n && !k->pid) {
		sc_look_say(l, SC_MANUAL,
			    SC_FMT
			    " starts a kubelet of its own, and keeps its "
			    "files itself",
			    SC_ARG(k->inside));
		return;
	}
	if (!k->there) {
		sc_look_say(l, SC_NA, "there is no kubelet here");
		return;
	}
	if (sc_str_eq(name, SC_STR("kubelet-units")))
		look_at_units(l);
	else if (sc_str_eq(name, SC_STR("kubelet-dropins")))
		look_at_drop_ins(l);
	else if (sc_str_eq(name, SC_STR("client-ca")))
		look_at_ca(l);
	else if (sc_str_eq(name, SC_STR("kubelet-config")))
		look_at_named(l, k->config.path, k->trouble,
			      "it has no file of configuration");
	else if (sc_str_eq(name, SC_STR("kubelet-kubeconfig")))
		look_at_named(l, k->kubeconfig, k->trouble,
			      "it is told of none: it stands alone");
	else
		sc_look_trouble(l, "no files are known by that name");
}
