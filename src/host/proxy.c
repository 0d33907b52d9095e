#include "host/kubelet.h"

#include "base/buf.h"
#include "base/clean.h"
#include "host/flags.h"

#include <errno.h>
#include <fcntl.h>

/* The one that runs, in a container as a rule. */
static const struct sc_process *find_process(const struct sc_processes *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (sc_str_eq(list->v[i].comm, SC_STR("kube-proxy")))
			return &list->v[i];
	return NULL;
}

/* Its root, through which its own files are read. */
static int open_root(const struct sc_host *h, const struct sc_proxy *p,
		     struct sc_host *out)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%llu/root",
		       (unsigned long long)p->pid);
	out->root = "container";
	out->fd = sc_host_fd(h, path, O_PATH | O_DIRECTORY);
	/* The kernel's own link is no way that openat2 would go. */
	if (out->fd < 0 && errno == ELOOP && !h->root)
		out->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return out->fd < 0 ? -1 : 0;
}

static int read_config(const struct sc_host *h, struct sc_str path,
		       struct sc_arena *a, struct sc_proxy *p,
		       struct sc_error *err)
{
	SC_CLEAN(sc_host_close) struct sc_host inside = { .fd = -1 };
	int r;

	if (!p->in_container)
		return sc_settings_read(h, path, a, &p->config, err);
	if (open_root(h, p, &inside) < 0) {
		p->config.path = path;
		p->config.there = true;
		p->config.trouble = SC_STR("the root of its container cannot "
					   "be opened");
		return 0;
	}
	r = sc_settings_read(&inside, path, a, &p->config, err);
	if (r == 0 && !sc_keepf(a, &p->config.path, "/proc/%llu/root" SC_FMT,
				(unsigned long long)p->pid, SC_ARG(path)))
		return sc_no_memory(err);
	return r;
}

static int read_words(const struct sc_host *h, struct sc_arena *a,
		      struct sc_proxy *p, struct sc_error *err)
{
	struct sc_service service;
	int r = sc_service_read(h, "kube-proxy.service", a, &service, err);

	if (r < 0)
		return r;
	p->there = p->pid || service.there;
	if (p->pid) {
		r = sc_service_running(h, p->pid, &service, a, &p->words, err);
		if (r == 0 && !p->words.n)
			p->trouble = SC_STR("the command line of its process "
					    "cannot be read");
		return r;
	}
	p->words = service.words;
	p->trouble = service.trouble;
	return 0;
}

int sc_proxy_find(const struct sc_host *h, const struct sc_processes *list,
		  struct sc_arena *a, struct sc_proxy *out,
		  struct sc_error *err)
{
	const struct sc_process *process = find_process(list);
	struct sc_proxy p = {
		.pid = process ? process->pid : 0,
		.in_container = process && process->engine.n,
	};
	struct sc_str path = { 0 };
	struct sc_origin from;
	int r = read_words(h, a, &p, err);

	if (r < 0)
		return r;
	if (sc_flag_last(&p.words, SC_STR("config"), &path, &from) && path.n) {
		if (*path.s == '/')
			r = read_config(h, path, a, &p, err);
		else
			p.trouble = SC_STR("a path on its command line is "
					   "relative");
	}
	if (p.config.root) {
		const struct sc_doc_node *node = sc_settings_get(
			&p.config, SC_STR("clientConnection.kubeconfig"));

		p.kubeconfig = sc_doc_is_scalar(node) ? node->text
						      : (struct sc_str){ 0 };
	} else {
		(void)sc_flag_last(&p.words, SC_STR("kubeconfig"),
				   &p.kubeconfig, &from);
	}
	if (r == 0)
		*out = p;
	return r;
}

int sc_proxy_metrics(const struct sc_proxy *p, struct sc_arena *a,
		     struct sc_value *out, struct sc_error *err)
{
	static const struct sc_str key = SC_STR("metricsBindAddress");
	struct sc_value *under = sc_new(a, struct sc_value);
	const struct sc_doc_node *node;
	struct sc_origin from;
	struct sc_str text;

	if (!under)
		return sc_no_memory(err);
	*under = (struct sc_value){
		.text = SC_STR("127.0.0.1:10249"),
		.set = true,
		.from = { .layer = SC_LAYER_DEFAULT,
			  .key = SC_STR("of every kube-proxy") },
	};
	*out = *under;
	if (p->trouble.n || p->config.trouble.n) {
		out->trouble = p->trouble.n ? p->trouble : p->config.trouble;
		return 0;
	}
	if (p->config.path.n) {
		node = sc_settings_get(&p->config, key);
		if (node && node->kind != SC_DOC_NULL &&
		    !sc_doc_is_scalar(node))
			out->trouble = SC_STR("metricsBindAddress of its file "
					      "is no text");
		if (!sc_doc_is_scalar(node) || !node->text.n)
			return 0;
		*out = (struct sc_value){
			.text = node->text,
			.set = true,
			.from = { SC_LAYER_FILE, p->config.path, node->line, 0,
				  key },
			.under = under,
		};
	} else if (sc_flag_last(&p->words, SC_STR("metrics-bind-address"),
				&text, &from)) {
		*out = (struct sc_value){
			.text = text, .set = true, .from = from, .under = under
		};
	}
	return 0;
}
