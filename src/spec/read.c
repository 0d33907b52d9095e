#include "spec/read.h"

#include "base/vec.h"
#include "spec/reader.h"

#include <stdio.h>

/*
 * What people have at hand and give us by mistake, or because another tool
 * takes it: known by keys that nothing else has. Order matters, the first
 * whose keys are all there is it.
 */
static const struct {
	const char *keys[3];
	const char *what;
	const char *instead;
} others[] = {
	{ { "apiVersion", "kind" },
	  "a Kubernetes manifest",
	  "give the inspect output of its containers" },
	{ { "ociVersion", "process" },
	  "a runtime's config.json (OCI)",
	  "give the output of podman inspect or docker inspect" },
	{ { "ociVersion" },
	  "a runtime's config.json (OCI)",
	  "give the output of podman inspect or docker inspect" },
	{ { "SnapshotKey" },
	  "containerd's own description (ctr, nerdctl --mode=native)",
	  "give the output of nerdctl inspect --mode=dockercompat" },
	{ { "info", "status" },
	  "the output of crictl inspect",
	  "give the output of podman inspect or docker inspect, or the compose "
	  "file" },
	{ { "status", "sandboxId" },
	  "the output of crictl inspect",
	  "give the output of podman inspect or docker inspect, or the compose "
	  "file" },
	{ { "log_path", "metadata" },
	  "a request to the CRI",
	  "give the output of podman inspect or docker inspect, or the compose "
	  "file" },
	{ { "Runtime", "Spec" },
	  "containerd's own description (ctr, nerdctl --mode=native)",
	  "give the output of nerdctl inspect --mode=dockercompat" },
	{ { "driver", "subnets" },
	  "the description of a network",
	  "give that of the containers in it" },
	{ { "IPAM", "Driver" },
	  "the description of a network",
	  "give that of the containers in it" },
	{ { "CreateInfra" },
	  "the output of podman pod inspect",
	  "give that of podman inspect for the pod's containers" },
	{ { "SharedNamespaces" },
	  "the output of podman pod inspect",
	  "give that of podman inspect for the pod's containers" },
	{ { "Name", "Containers" },
	  "the output of podman pod inspect",
	  "give that of podman inspect for the pod's containers" },
	{ { "RepoTags" },
	  "the description of an image",
	  "give that of a container made from it" },
	{ { "Mountpoint" },
	  "the description of a volume",
	  "give that of the containers that use it" },
	{ { "containerCreateCommand" },
	  "the output of podman generate spec",
	  "give that of podman inspect" },
	{ { "Names", "Command" },
	  "a list of containers (ps)",
	  "give the output of podman inspect or docker inspect" },
};

static bool has_keys(const struct sc_doc_node *map, const char *const keys[3])
{
	for (size_t i = 0; i < 3 && keys[i]; i++)
		if (!sc_doc_get(map, keys[i]))
			return false;
	return true;
}

/* Refuse @map with the name of what it is, if we know. */
static int refuse_others(const struct sc_reader *r,
			 const struct sc_doc_node *map)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (has_keys(map, others[i].keys))
			return sc_fail(r->err, SC_EREFUSED,
				       "this is %s, which is not read yet: %s",
				       others[i].what, others[i].instead);
	return 0;
}

static bool is_container(const struct sc_doc_node *map)
{
	return sc_doc_get(map, "HostConfig") && sc_doc_get(map, "Config");
}

static int read_known(struct sc_reader *r, const struct sc_doc *doc,
		      const struct sc_spec_options *opt)
{
	const struct sc_doc_node *root = doc->root, *one;
	int e;

	if (sc_doc_get(root, "services"))
		return sc_compose_read(r, doc, opt);
	one = sc_doc_is(root, SC_DOC_LIST) ? root->first : root;
	if (is_container(one))
		return sc_inspect_read(r, root);
	e = refuse_others(r, one);
	if (e < 0)
		return e;
	if (sc_doc_is(root, SC_DOC_LIST) && !one)
		return sc_fail(r->err, SC_ESYNTAX,
			       "an empty list: no container is in it");
	return sc_reader_fail(r, root, SC_ESYNTAX,
			      "neither the output of podman inspect or docker "
			      "inspect nor a compose file (which has "
			      "'services')");
}

/* Where the first line that says something begins. */
static struct sc_str skip_comments(struct sc_str text)
{
	sc_take_prefix(&text, SC_STR("\xef\xbb\xbf"));
	while (text.n) {
		struct sc_str rest = text, line;

		while (rest.n && memchr(" \t\r\n", rest.s[0], 4))
			sc_str_drop(&rest, 1);
		text = rest;
		if (!rest.n || (rest.s[0] != '#' && rest.s[0] != ';'))
			break;
		(void)sc_take_part(&rest, '\n', &line);
		text = rest;
	}
	return text;
}

static bool is_unit(struct sc_str text)
{
	static const char *const sections[] = {
		"[Container]", "[Unit]",    "[Pod]",   "[Kube]",  "[Volume]",
		"[Service]",   "[Network]", "[Image]", "[Build]", "[Install]",
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (sc_take_prefix(&text, sc_view(sections[i])))
			return true;
	return false;
}

/*
 * JSON is read as JSON. A compose file in JSON is read as YAML too, for its
 * lines, where libyaml can; text in braces that is no JSON may be YAML yet.
 */
static int read_braces(struct sc_str text, struct sc_arena *a,
		       struct sc_doc *doc, struct sc_error *err)
{
	struct sc_error ignored;
	struct sc_doc yaml;
	int e = sc_doc_read_json(text, a, doc, err);

	if (e < 0 && e != SC_ESYNTAX)
		return e;
	if (e == 0 && !sc_doc_get(doc->root, "services"))
		return 0;
	if (sc_doc_read_yaml(text, a, &yaml, &ignored) < 0) {
		if (ignored.code == SC_ESYNTAX)
			return e;
		*err = ignored;
		return (int)ignored.code;
	}
	*doc = yaml;
	return 0;
}

static int read_doc(struct sc_str text, struct sc_arena *a, struct sc_doc *doc,
		    struct sc_error *err)
{
	struct sc_str start = skip_comments(text);

	*doc = (struct sc_doc){ 0 };
	if (start.n == 0)
		return sc_fail(err, SC_ESYNTAX, "the file is empty");
	if (is_unit(start))
		return sc_fail(err, SC_EREFUSED,
			       "this is a systemd or quadlet unit, which is "
			       "not read yet: give the output of podman "
			       "inspect for its container");
	if (start.s[0] == '[')
		return sc_doc_read_json(text, a, doc, err);
	if (start.s[0] == '{')
		return read_braces(text, a, doc, err);
	return sc_doc_read_yaml(text, a, doc, err);
}

static int note_what_was_left_out(struct sc_reader *r,
				  const struct sc_doc_node *root)
{
	struct sc_note note = { 0 };
	char text[64];
	int n;

	if (!r->notes_left_out)
		return 0;
	n = snprintf(text, sizeof(text), "%zu more notes are left out",
		     r->notes_left_out);
	/* one more than the limit, so not by way of sc_reader_note() */
	if (sc_reader_place(r, root, &note.place) < 0)
		return (int)r->err->code;
	note.place.line = 0;
	if (!sc_keep(r->a, (struct sc_str){ text, (size_t)n }, &note.text) ||
	    !SC_PUSH(r->a, &r->spec->notes, note))
		return sc_no_memory(r->err);
	return 0;
}

int sc_spec_read(struct sc_str text, struct sc_str file_name,
		 const struct sc_spec_options *opt, struct sc_arena *a,
		 struct sc_spec *out, struct sc_error *err)
{
	struct sc_spec spec = { 0 };
	struct sc_reader r = { .a = a, .spec = &spec, .err = err };
	struct sc_spec_options none = { { "", 0 }, NULL };
	struct sc_doc doc;
	int e;

	if (text.n > SC_SPEC_BYTES)
		return sc_fail(err, SC_ELIMIT, "more than %zu bytes",
			       SC_SPEC_BYTES);
	if (!sc_keep(a, file_name, &spec.file))
		return sc_no_memory(err);
	e = read_doc(text, a, &doc, err);
	if (e < 0)
		return e;
	e = read_known(&r, &doc, opt ? opt : &none);
	if (e < 0)
		return e;
	e = note_what_was_left_out(&r, doc.root);
	if (e < 0)
		return e;
	*out = spec;
	return 0;
}
