#include "unit.h"

#include "base/clean.h"
#include "base/vec.h"
#include "spec/patch.h"
#include "spec/read.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct sc_str view(const char *s)
{
	return sc_view(s);
}

SC_VECTOR(patches, struct sc_patch);

/*
 * Patch the services named in @services (split by blanks) of @text: the type
 * p_NAME.process, the level s0:c1,c2, and Z for every bind mount and named
 * volume that has none. 0, or what sc_spec_patch() returns.
 */
static int patch(struct sc_str text, const char *services, struct sc_arena *a,
		 struct sc_buf *out, struct sc_error *err)
{
	struct patches patches = { 0 };
	struct sc_spec spec;
	int r = sc_spec_read(text, SC_STR("f"), NULL, a, &spec, err);

	for (size_t i = 0; r >= 0 && i < spec.containers.n; i++) {
		const struct sc_container *c = &spec.containers.v[i];
		struct sc_patch p = { .service = c->name };
		struct sc_mounts mounts = { 0 };
		char type[64];

		snprintf(type, sizeof(type), "p_" SC_FMT ".process",
			 SC_ARG(c->name));
		if (!memmem(services, strlen(services), c->name.s, c->name.n))
			continue;
		for (size_t j = 0; j < c->mounts.n; j++) {
			struct sc_mount m = c->mounts.v[j];

			if (m.kind > SC_MOUNT_VOLUME || m.source.n == 0)
				continue;
			if (m.relabel == SC_RELABEL_NONE)
				m.relabel = SC_RELABEL_PRIVATE;
			if (!SC_PUSH(a, &mounts, m))
				return sc_fail(err, SC_ENOMEM, "no memory");
		}
		p.label_level = SC_STR("s0:c1,c2");
		p.mounts = mounts.v;
		p.n_mounts = mounts.n;
		if (!sc_keep(a, view(type), &p.label_type) ||
		    !SC_PUSH(a, &patches, p))
			return sc_fail(err, SC_ENOMEM, "no memory");
	}
	return r < 0 ? r
		     : sc_spec_patch(text, patches.v, patches.n, a, out, err);
}

struct patch_case {
	const char *services, *before, *after;
};

static void check_case(const struct patch_case *c)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 }, again = { 0 };
	struct sc_error err = { 0 };

	if (patch(view(c->before), c->services, &a, &out, &err) < 0)
		fail_msg("%s\n%s", err.msg, c->before);
	assert_string_equal(out.s, c->after);
	assert_int_equal(patch((struct sc_str){ out.s, out.n }, c->services, &a,
			       &again, &err),
			 0);
	assert_string_equal(again.s, c->after);
}

static void puts_a_list_where_none_was(void **state)
{
	static const struct patch_case cases[] = {
		{ "a",
		  "# top\nservices:\n  a:\n    # why\n    image: x # y\n"
		  "    restart: no\n  b: {image: z}\n# end\n",
		  "# top\nservices:\n  a:\n    # why\n    image: x # y\n"
		  "    security_opt:\n      - label=type:p_a.process\n"
		  "      - label=level:s0:c1,c2\n"
		  "    restart: no\n  b: {image: z}\n# end\n" },
		/* dashes as far in as the file has them */
		{ "a", "services:\n a:\n  ports:\n  - 80:80\n  image: x\n",
		  "services:\n a:\n  ports:\n  - 80:80\n  image: x\n"
		  "  security_opt:\n  - label=type:p_a.process\n"
		  "  - label=level:s0:c1,c2\n" },
		/* no line break at the end, and CRLF */
		{ "a", "services:\r\n  a:\r\n    image: x",
		  "services:\r\n  a:\r\n    image: x\r\n"
		  "    security_opt:\r\n      - label=type:p_a.process\r\n"
		  "      - label=level:s0:c1,c2" },
		/* nothing of one line: in front of the first key */
		{ "a", "services:\n  a:\n    build:\n      context: .\n",
		  "services:\n  a:\n    security_opt:\n"
		  "      - label=type:p_a.process\n"
		  "      - label=level:s0:c1,c2\n"
		  "    build:\n      context: .\n" },
		{ "a", "services: {a: {image: x}, b: {image: y}}\n",
		  "services: {a: {image: x, security_opt: "
		  "[\"label=type:p_a.process\", \"label=level:s0:c1,c2\"]}, "
		  "b: {image: y}}\n" },
		{ "a", "{\"services\": {\"a\": {\"image\": \"x\"}}}",
		  "{\"services\": {\"a\": {\"image\": \"x\", "
		  "\"security_opt\": [\"label=type:p_a.process\", "
		  "\"label=level:s0:c1,c2\"]}}}" },
		{ "a", "\xef\xbb\xbfservices:\n  a:\n    image: \xc3\xbc\n",
		  "\xef\xbb\xbfservices:\n  a:\n    image: \xc3\xbc\n"
		  "    security_opt:\n      - label=type:p_a.process\n"
		  "      - label=level:s0:c1,c2\n" },
		/* two at once, of which one merges the other */
		{ "a b", "services:\n  a: &a\n    image: x\n  b:\n    <<: *a\n",
		  "services:\n  a: &a\n    image: x\n    security_opt:\n"
		  "      - label=type:p_a.process\n"
		  "      - label=level:s0:c1,c2\n"
		  "  b:\n    security_opt:\n"
		  "      - label=type:p_b.process\n"
		  "      - label=level:s0:c1,c2\n    <<: *a\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(&cases[i]);
}

#define A "services:\n  a:\n    image: x\n"
#define TYPE "label=type:p_a.process"
#define LEVEL "label=level:s0:c1,c2"

static void changes_a_list_that_is_there(void **state)
{
	static const struct patch_case cases[] = {
		{ "a",
		  A "    security_opt:\n      # mine\n"
		    "      - no-new-privileges:true # n\n"
		    "      - 'label:type:old'   # o\n    tty: true\n",
		  A "    security_opt:\n      # mine\n"
		    "      - no-new-privileges:true # n\n"
		    "      - '" TYPE "'   # o\n"
		    "      - '" LEVEL "'\n    tty: true\n" },
		{ "a",
		  A "    security_opt:\n    - label=disable\n"
		    "    - seccomp=x.json\n    - label=type:y\n",
		  A "    security_opt:\n    - " TYPE "\n"
		    "    - seccomp=x.json\n    - " LEVEL "\n" },
		{ "a",
		  A "    security_opt: [seccomp=x, label=level:s0, "
		    "label=disable, label=type:z] # c\n",
		  A "    security_opt: [\"seccomp=x\", \"" LEVEL "\", \"" TYPE
		    "\"] # c\n" },
		{ "a", A "    security_opt: ['seccomp=x',\n      apparmor=y]\n",
		  A "    security_opt: ['seccomp=x',\n      apparmor=y, "
		    "\"" TYPE "\", \"" LEVEL "\"]\n" },
		{ "a", A "    security_opt: [] # none\n",
		  A "    security_opt: [\"" TYPE "\", \"" LEVEL
		    "\"] # none\n" },
		{ "a", A "    security_opt:\n    tty: true\n",
		  A "    security_opt: [\"" TYPE "\", \"" LEVEL
		    "\"]\n    tty: true\n" },
		{ "a",
		  "x-s: &s [no-new-privileges:true]\n" A
		  "    security_opt: *s\n",
		  "x-s: &s [no-new-privileges:true]\n" A
		  "    security_opt: [\"no-new-privileges:true\", \"" TYPE
		  "\", \"" LEVEL "\"]\n" },
		{ "a",
		  "x-s: &s\n  security_opt: [no-new-privileges:true]\n" A
		  "    <<: *s\n",
		  "x-s: &s\n  security_opt: [no-new-privileges:true]\n" A
		  "    security_opt:\n      - no-new-privileges:true\n"
		  "      - " TYPE "\n      - " LEVEL "\n    <<: *s\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(&cases[i]);
}

#define LABELS "    security_opt:\n      - " TYPE "\n      - " LEVEL "\n"
#define V A LABELS "    volumes:\n"

static void adds_relabelling_to_mounts(void **state)
{
	static const struct patch_case cases[] = {
		{ "a",
		  V "      - ./d:/d # data\n      - 'v:/v:ro'\n"
		    "      - \"/e:/e:z\"\n      - /only\n",
		  V "      - ./d:/d:Z # data\n      - 'v:/v:ro,Z'\n"
		    "      - \"/e:/e:z\"\n      - /only\n" },
		{ "a", V "    - ${D:-./d}:/d\n", V "    - ${D:-./d}:/d:Z\n" },
		{ "a",
		  V "      - type: bind\n        source: /s\n"
		    "        target: /t\n        read_only: true\n",
		  V "      - type: bind\n        source: /s\n"
		    "        target: /t\n        bind:\n"
		    "          selinux: Z\n        read_only: true\n" },
		{ "a",
		  V "      - type: bind\n        bind:\n"
		    "          create_host_path: true\n"
		    "        source: /s\n        target: /t\n",
		  V "      - type: bind\n        bind:\n"
		    "          create_host_path: true\n"
		    "          selinux: Z\n"
		    "        source: /s\n        target: /t\n" },
		{ "a", V "      - {type: bind, source: /s, target: /t}\n",
		  V "      - {type: bind, source: /s, target: /t, "
		    "bind: {selinux: Z}}\n" },
		{ "a", A LABELS "    volumes: [v:/v:ro, './w:/w']\n",
		  A LABELS "    volumes: [\"v:/v:ro,Z\", './w:/w:Z']\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_case(&cases[i]);
}

static void refuses_what_it_cannot_do_for_sure(void **state)
{
	static const struct {
		const char *services, *text;
		int code;
		uint32_t line;
		const char *words;
	} cases[] = {
		/* an edit that another service would feel */
		{ "a", "services:\n  a: &a\n    image: x\n  b:\n    <<: *a\n",
		  SC_EREFUSED, 5, "services.b" },
		{ "a", "services:\n  a: &a\n    image: x\n  b: *a\n",
		  SC_EREFUSED, 4, "services.b" },
		{ "b", "services:\n  a: &a\n    image: x\n  b: *a\n",
		  SC_EREFUSED, 4, "alias" },
		{ "a",
		  "services:\n  a:\n    security_opt: &s\n      - x=y\n"
		  "  b:\n    security_opt: *s\n",
		  SC_EREFUSED, 6, "b.security_opt" },
		{ "a", "x-v: &v [./d:/d]\nservices:\n  a:\n    volumes: *v\n",
		  SC_EREFUSED, 1, "write it out" },
		/* forms that compose does not know */
		{ "a", A "    security_opt: label=type:x\n", SC_EREFUSED, 4,
		  "must be a list" },
		{ "a", A "    security_opt:\n      label: type:x\n",
		  SC_EREFUSED, 5, "must be a list" },
		{ "a", A "    security_opt:\n      - label: type:x\n",
		  SC_EREFUSED, 5, "without a space" },
		{ "a", A "    security_opt: [\"${OPT}\"]\n", SC_EREFUSED, 4,
		  "variable" },
		{ "a", A "    security_opt: [\"la${O:-bel=type:x}\"]\n",
		  SC_EREFUSED, 4, "variable" },
		/* mounts that hide what they are */
		{ "a", A "    volumes: ['./d:${T:-/t}']\n", SC_EREFUSED, 4,
		  "variable" },
		{ "a",
		  A "    volumes: [{type: volume, source: v, "
		    "target: /t}]\n",
		  SC_EREFUSED, 4, "NAME:/t:Z" },
		{ "a", A "    volumes:\n      - |-\n        ./d:/d\n",
		  SC_EREFUSED, 5, "in quotes" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };
		int r = patch(view(cases[i].text), cases[i].services, &a, &out,
			      &err);

		if (r != cases[i].code || !strstr(err.msg, cases[i].words))
			fail_msg("case %zu: %d '%s'", i, r, err.msg);
		if (cases[i].line)
			assert_int_equal(err.line, cases[i].line);
		assert_int_equal(out.n, 0);
	}
}

static void refuses_a_wrong_order(void **state)
{
	static const struct {
		const char *service, *type, *path;
		int code;
	} cases[] = {
		{ "b", "t", "", SC_ENOTFOUND },
		{ "a", "t", "services.a.volumes[7]", SC_ENOTFOUND },
		{ "a", "t\n  evil: x", "", SC_EREFUSED },
		{ "a", "t #", "", SC_EREFUSED },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_mount mount = { .place.path = view(cases[i].path),
					  .relabel = SC_RELABEL_PRIVATE };
		struct sc_patch p = { .service = view(cases[i].service),
				      .label_type = view(cases[i].type),
				      .mounts = &mount,
				      .n_mounts = *cases[i].path != '\0' };
		struct sc_error err = { 0 };

		assert_int_equal(sc_spec_patch(view(A "    volumes: [b:/c]\n"),
					       &p, 1, &a, &out, &err),
				 cases[i].code);
	}
}

/*
 * Files made of every mixture of these ways to write things: whatever comes of
 * them, the labels are there, everything else is what it was, and a second
 * patch changes nothing.
 */
static const char *const service_styles[] = {
	"    image: x\n",
	"    image: x # c\n\n    # d\n    tty: true\n",
	"    build:\n      context: .\n",
	"    <<: *common\n",
	"    command: |\n      one\n      two\n",
};
static const char *const opt_styles[] = {
	"",
	"    security_opt:\n",
	"    security_opt: []\n",
	"    security_opt: [seccomp=x, label=type:y]\n",
	"    security_opt: [ 'label=disable' , \"label:level:s0\", a=b ]\n",
	"    security_opt:\n    - label=type:y # e\n    - label=disable\n",
	("    security_opt:\n      - no-new-privileges:true\n\n      # f\n"
	 "      - \"label=level:s0:c9\"\n"),
	"    security_opt: *opts\n",
};
static const char *const volume_styles[] = {
	"",
	"    volumes:\n      - ./d:/d\n      - v:/v:ro # g\n",
	"    volumes:\n    - './d:/d:z,ro'\n    - \"v:/v:cached\"\n",
	"    volumes: [./d:/d, 'v:/v']\n",
	("    volumes:\n      - type: bind\n        source: ./d\n"
	 "        target: /d\n        bind: {propagation: shared}\n"),
};
static const char *const tails[] = { "", "  b:\n    image: y\n", "# the end\n",
				     "  b: {image: z}\nvolumes: {v: {}}\n" };

/* Two specs are equal but for the labels and z and Z of service a. */
static void assert_only_labels_differ(const struct sc_spec *x,
				      const struct sc_spec *y)
{
	assert_int_equal(x->containers.n, y->containers.n);
	for (size_t i = 0; i < x->containers.n; i++) {
		const struct sc_container *c = &x->containers.v[i];
		const struct sc_container *d = &y->containers.v[i];
		bool is_a = sc_str_eq(c->name, SC_STR("a"));

		assert_true(sc_str_eq(c->name, d->name));
		assert_true(sc_str_eq(c->image, d->image));
		assert_int_equal(c->no_new_privs, d->no_new_privs);
		assert_int_equal(c->command.n, d->command.n);
		assert_int_equal(c->mounts.n, d->mounts.n);
		for (size_t j = 0; j < c->mounts.n; j++) {
			const struct sc_mount *m = &c->mounts.v[j];
			const struct sc_mount *n = &d->mounts.v[j];

			assert_true(sc_str_eq(m->source, n->source));
			assert_true(sc_str_eq(m->target, n->target));
			assert_int_equal(m->read_only, n->read_only);
			assert_true(n->relabel == m->relabel ||
				    (is_a && n->relabel == SC_RELABEL_PRIVATE));
			assert_true(!is_a || n->relabel != SC_RELABEL_NONE);
		}
		assert_true(
			sc_str_eq(d->label_type, is_a ? SC_STR("p_a.process")
						      : c->label_type));
		assert_true(sc_str_eq(d->label_level, is_a ? SC_STR("s0:c1,c2")
							   : c->label_level));
		assert_false(is_a && d->label_disabled);
	}
}

static void check_mixture(struct sc_str text)
{
	SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
	SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 }, again = { 0 };
	struct sc_error err = { 0 };
	struct sc_spec old, new;

	if (patch(text, "a", &a, &out, &err) < 0)
		fail_msg("%s\n%s", err.msg, text.s);
	assert_int_equal(sc_spec_read(text, SC_STR("f"), NULL, &a, &old, &err),
			 0);
	assert_int_equal(sc_spec_read((struct sc_str){ out.s, out.n },
				      SC_STR("f"), NULL, &a, &new, &err),
			 0);
	assert_only_labels_differ(&old, &new);
	assert_int_equal(
		patch((struct sc_str){ out.s, out.n }, "a", &a, &again, &err),
		0);
	assert_string_equal(again.s, out.s);
}

static void put_with_breaks(struct sc_buf *out, const char *text,
			    const char *line_break)
{
	for (; *text; text++) {
		if (*text == '\n')
			sc_putf(out, "%s", line_break);
		else
			sc_putf(out, "%c", *text);
	}
}

static void every_mixture_of_styles_changes_as_meant(void **state)
{
	static const char *const breaks[] = { "\n", "\r\n" };
	size_t n = COUNT(service_styles) * COUNT(opt_styles) *
		   COUNT(volume_styles) * COUNT(tails) * COUNT(breaks);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf text = { 0 };
		size_t k = i;
		const char *br = breaks[k % COUNT(breaks)];

		k /= COUNT(breaks);
		put_with_breaks(&text,
				"x-c: &common {image: x, stop_signal: y}\n"
				"x-o: &opts [no-new-privileges]\n"
				"services:\n  a:\n",
				br);
		put_with_breaks(&text,
				service_styles[k % COUNT(service_styles)], br);
		k /= COUNT(service_styles);
		put_with_breaks(&text, opt_styles[k % COUNT(opt_styles)], br);
		k /= COUNT(opt_styles);
		put_with_breaks(&text, volume_styles[k % COUNT(volume_styles)],
				br);
		k /= COUNT(volume_styles);
		put_with_breaks(&text, tails[k % COUNT(tails)], br);
		check_mixture((struct sc_str){ text.s, text.n });
	}
}

static void survives_every_lack_of_memory(void **state)
{
	static const char text[] =
		"services:\n  a:\n    image: x\n    security_opt: [b=c]\n"
		"    volumes:\n      - d:/d\n  e:\n    image: f\n"
		"    volumes:\n      - {type: bind, source: /g, target: /h}\n";

	(void)state;
	for (long nth = 0;; nth++) {
		SC_CLEAN(sc_arena_free) struct sc_arena a = { 0 };
		SC_CLEAN(sc_buf_free) struct sc_buf out = { 0 };
		struct sc_error err = { 0 };
		int r;

		sc_test_fail_after = nth;
		r = patch(view(text), "a e", &a, &out, &err);
		if (sc_test_fail_after >= 0) {
			assert_int_equal(r, 0);
			break;
		}
		assert_int_equal(r, SC_ENOMEM);
		assert_int_equal(out.n, 0);
	}
	sc_test_fail_after = -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_a_list_where_none_was),
		cmocka_unit_test(changes_a_list_that_is_there),
		cmocka_unit_test(adds_relabelling_to_mounts),
		cmocka_unit_test(refuses_what_it_cannot_do_for_sure),
		cmocka_unit_test(refuses_a_wrong_order),
		cmocka_unit_test(every_mixture_of_styles_changes_as_meant),
		cmocka_unit_test(survives_every_lack_of_memory),
	};

	return cmocka_run_group_tests_name("patch", tests, NULL, NULL);
}
