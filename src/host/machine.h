/*
 * machine.h - what kind of host this is, and all that checks are made on. Read
 * once; nothing is judged here.
 */
#ifndef SC_HOST_MACHINE_H
#define SC_HOST_MACHINE_H

#include "host/bootline.h"
#include "host/kubelet.h"
#include "host/status.h"

/* Who writes a node's configuration anew, so that an edit does not last. */
enum sc_manager {
	SC_MANAGER_NONE,
	SC_MANAGER_KUBEADM,
	SC_MANAGER_NODEADM, /* EKS on Amazon Linux 2023, at each boot */
	SC_MANAGER_EKS,     /* EKS before that, at the first boot */
	SC_MANAGER_K3S,
	SC_MANAGER_RKE2,
	SC_MANAGER_BOTTLEROCKET,
};

struct sc_machine {
	const struct sc_host *host;
	struct sc_str os, os_like, os_version, os_name; /* of os-release */
	struct sc_str kernel; /* release; empty: none runs below this root */
	enum sc_manager manager;
	bool ostree; /* /usr and the kernel's line are changed by rpm-ostree */

	struct sc_processes processes;
	struct sc_str processes_trouble;
	struct sc_engines engines;
	struct sc_kubelet kubelet;
	struct sc_proxy proxy;
	struct sc_boot_lines boot;

	const struct sc_status *status; /* NULL: nobody asked for it */

	/* For whoever reads the log, who is not below us. */
	struct {
		bool counted;
		uint64_t denials, different;
		struct sc_str trouble; /* why they were not counted */
	} log;
};

/* @home: of the user whose settings podman heeds, or NULL; @selinux: .status
 * too, for which policies are read. Errors: SC_ENOMEM, SC_ESYSTEM. */
int sc_machine_read(const struct sc_host *h, const char *home, bool selinux,
		    struct sc_arena *a, struct sc_machine *out,
		    struct sc_error *err) SC_MUST_USE;

const char *sc_manager_name(enum sc_manager manager); /* "kubeadm"; or NULL */

/* Is there a kubelet that checks of a worker can be made on? */
bool sc_machine_is_node(const struct sc_machine *m);

/* Is there a file or folder at @path? */
bool sc_machine_has(const struct sc_machine *m, const char *path);

#endif
