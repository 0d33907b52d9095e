#include "host/machine.h"

#include "base/buf.h"
#include "host/assign.h"

#include <sys/utsname.h>

bool sc_machine_has(const struct sc_machine *m, const char *path)
{
	struct stat st;

	return sc_host_stat(m->host, path, &st);
}

const char *sc_manager_name(enum sc_manager manager)
{
	static const char *const names[] = {
		[SC_MANAGER_NONE] = NULL,
		[SC_MANAGER_KUBEADM] = "kubeadm",
		[SC_MANAGER_NODEADM] = "nodeadm",
		[SC_MANAGER_EKS] = "EKS bootstrap.sh",
		[SC_MANAGER_K3S] = "k3s",
		[SC_MANAGER_RKE2] = "RKE2",
		[SC_MANAGER_BOTTLEROCKET] = "Bottlerocket",
	};

	return names[manager];
}

bool sc_machine_is_node(const struct sc_machine *m)
{
	return m->kubelet.there || m->kubelet.inside.n;
}

static int read_release(struct sc_machine *m, struct sc_arena *a,
			struct sc_error *err)
{
	struct sc_assign_walk at = { 0 };
	struct sc_error why;
	struct sc_assign var;
	int r = sc_host_read(m->host, "/etc/os-release", a, &at.rest, &why);

	if (r == SC_ENOTFOUND)
		r = sc_host_read(m->host, "/usr/lib/os-release", a, &at.rest,
				 &why);
	if (r == SC_ENOMEM)
		return sc_no_memory(err);
	while (sc_assign_next(&at, SC_ASSIGN_SHELL, a, &var)) {
		if (sc_str_eq(var.name, SC_STR("ID")))
			m->os = var.value;
		else if (sc_str_eq(var.name, SC_STR("ID_LIKE")))
			m->os_like = var.value;
		else if (sc_str_eq(var.name, SC_STR("VERSION_ID")))
			m->os_version = var.value;
		else if (sc_str_eq(var.name, SC_STR("PRETTY_NAME")))
			m->os_name = var.value;
	}
	return at.no_memory ? sc_no_memory(err) : 0;
}

static int read_kernel(struct sc_machine *m, struct sc_arena *a,
		       struct sc_error *err)
{
	struct utsname name;

	if (m->host->root || uname(&name) < 0)
		return 0;
	return sc_keep(a, sc_view(name.release), &m->kernel)
		       ? 0
		       : sc_no_memory(err);
}

static enum sc_manager find_manager(const struct sc_machine *m)
{
	static const struct {
		const char *path;
		enum sc_manager manager;
	} signs[] = {
		{ "/usr/bin/nodeadm", SC_MANAGER_NODEADM },
		{ "/etc/eks/bootstrap.sh", SC_MANAGER_EKS },
		{ "/var/lib/kubelet/kubeadm-flags.env", SC_MANAGER_KUBEADM },
		{ "/usr/bin/kubeadm", SC_MANAGER_KUBEADM },
	};

	if (sc_str_eq(m->os, SC_STR("bottlerocket")))
		return SC_MANAGER_BOTTLEROCKET;
	if (sc_str_eq(m->kubelet.inside, SC_STR("k3s")))
		return SC_MANAGER_K3S;
	if (sc_str_eq(m->kubelet.inside, SC_STR("rke2")))
		return SC_MANAGER_RKE2;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (sc_machine_has(m, signs[i].path))
			return signs[i].manager;
	return SC_MANAGER_NONE;
}

/* With SELinux in question the engines and processes are read for it too. */
static int read_running(struct sc_machine *m, const char *home, bool selinux,
			struct sc_arena *a, struct sc_error *err)
{
	struct sc_status *s = NULL;
	struct sc_error why;
	int r;

	if (selinux) {
		s = sc_new(a, struct sc_status);
		if (!s)
			return sc_no_memory(err);
		r = sc_status_read(m->host, home, a, s, err);
		m->status = s;
		m->processes = s->processes;
		m->processes_trouble = s->processes_trouble;
		m->engines = s->engines;
		return r;
	}
	r = sc_processes_read(m->host, a, &m->processes, &why);
	if (r < 0 && sc_status_note(&why, a, &m->processes_trouble, err) < 0)
		return err->code;
	return sc_engines_find(m->host, &m->processes, home, a, &m->engines,
			       err);
}

int sc_machine_read(const struct sc_host *h, const char *home, bool selinux,
		    struct sc_arena *a, struct sc_machine *out,
		    struct sc_error *err)
{
	struct sc_machine m = { .host = h };
	int r = read_release(&m, a, err);

	if (r == 0)
		r = read_kernel(&m, a, err);
	if (r == 0)
		r = read_running(&m, home, selinux, a, err);
	if (r == 0)
		r = sc_kubelet_find(h, &m.processes, a, &m.kubelet, err);
	if (r == 0)
		r = sc_proxy_find(h, &m.processes, a, &m.proxy, err);
	if (r == 0)
		r = sc_boot_lines_read(h, a, &m.boot, err);
	if (r < 0)
		return r;
	m.ostree = sc_machine_has(&m, "/run/ostree-booted") ||
		   sc_machine_has(&m, "/ostree/repo");
	m.manager = find_manager(&m);
	*out = m;
	return 0;
}
