/*
 * kubelet.h - the kubelet of a host, and kube-proxy: how they are started, and
 * the settings that they really have.
 *
 * The kubelet's flags lie on its drop-ins (--config-dir and the folders in it,
 * in the order of their names; lists are replaced), these on its file
 * (--config), and that on defaults, which are other ones where there is no
 * file.
 */
#ifndef SC_HOST_KUBELET_H
#define SC_HOST_KUBELET_H

#include "doc/doc.h"
#include "host/process.h"
#include "host/service.h"
#include "policy/state.h"

/* One file of settings. */
struct sc_settings {
	struct sc_str path;
	bool there;
	struct sc_doc_node *root;
	struct sc_str trouble; /* why it could not be read */
};

struct sc_settings_list {
	struct sc_settings *v;
	size_t n;
	size_t room;
};

struct sc_kubelet {
	bool there;   /* it runs, or a unit starts it, or it is installed */
	uint64_t pid; /* 0: it does not run */
	struct sc_str program; /* its path; empty: not found */
	struct sc_str version; /* "1.30.2", by the packages; empty: not known */
	struct sc_str version_trouble; /* why it is not */
	struct sc_str at_least; /* it is so new, since it takes a flag that
				   came with that: "1.28"; empty: not known */
	struct sc_str inside;   /* "k3s", "rke2": which starts it by itself */
	struct sc_service service;
	struct sc_words words; /* its command line */
	struct sc_str trouble; /* why that is not known; or empty */

	struct sc_settings config;       /* .path is empty without --config */
	struct sc_str config_dir;        /* empty: none */
	struct sc_names drop_in_folders; /* in it; they are read too */
	struct sc_settings_list drop_ins;
	struct sc_str drop_in_trouble; /* why they could not be listed */

	struct sc_str kubeconfig; /* empty: it is told of none */
	struct sc_str newer; /* a file of settings, written after it started */
};

struct sc_proxy {
	bool there;
	uint64_t pid;      /* 0: a unit is there, and it does not run */
	bool in_container; /* its files are not this host's */
	struct sc_words words;
	struct sc_str trouble;
	struct sc_settings config;
	struct sc_str kubeconfig;
};

/* Fill .version and .version_trouble. Errors: SC_ENOMEM. */
int sc_kubelet_version(const struct sc_host *h, struct sc_arena *a,
		       struct sc_kubelet *k, struct sc_error *err) SC_MUST_USE;

/* Is its version @version, "1.27", or a later one? */
enum sc_answer sc_kubelet_is_since(const struct sc_kubelet *k,
				   struct sc_str version);

/* Errors: SC_ENOMEM; what could not be read is said in @out. */
int sc_kubelet_find(const struct sc_host *h, const struct sc_processes *list,
		    struct sc_arena *a, struct sc_kubelet *out,
		    struct sc_error *err) SC_MUST_USE;
int sc_proxy_find(const struct sc_host *h, const struct sc_processes *list,
		  struct sc_arena *a, struct sc_proxy *out,
		  struct sc_error *err) SC_MUST_USE;

/*
 * The setting @key of data/kubelet.tsv ("readOnlyPort"; one that is a flag
 * alone is asked for as "--hostname-override"), with all that it covers.
 * Errors: SC_ENOTFOUND if the table does not have it; SC_ENOMEM.
 */
int sc_kubelet_value(const struct sc_kubelet *k, struct sc_str key,
		     struct sc_arena *a, struct sc_value *out,
		     struct sc_error *err) SC_MUST_USE;

/* The address of kube-proxy's metrics: with a file of configuration its flags
 * do not count. */
int sc_proxy_metrics(const struct sc_proxy *p, struct sc_arena *a,
		     struct sc_value *out, struct sc_error *err) SC_MUST_USE;

/* The node at "a.b.c" below @root; NULL: none. Keys hold no dots. */
struct sc_doc_node *sc_settings_get(const struct sc_settings *s,
				    struct sc_str key);

/* Does somebody log in with a program, or a token, and not with a certificate,
 * by the kubeconfig at @path? Unknown: it could not be read. */
enum sc_answer sc_kubeconfig_has_cert(const struct sc_host *h,
				      struct sc_str path, struct sc_arena *a,
				      struct sc_str *trouble);

/* Read @path as YAML, or as JSON; NULL settings are in .trouble. */
int sc_settings_read(const struct sc_host *h, struct sc_str path,
		     struct sc_arena *a, struct sc_settings *out,
		     struct sc_error *err) SC_MUST_USE;

#endif
