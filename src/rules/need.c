#include "rules/need.h"

#include "base/clean.h"
#include "base/vec.h"
#include "rules/capability.h"
#include "rules/peers.h"

#define PRIVILEGED_PORTS 1024
#define DROPUSER "chown dac_override fowner fsetid kill setgid setuid"

/* Ports that the container listens on, one bit each. */
struct ports {
	uint64_t v[SC_SCTP + 1][(UINT16_MAX + 1) / 64];
};

struct find {
	const struct sc_containers *all;
	size_t self;
	const struct sc_container *c;
	const struct sc_image *image;
	const struct sc_edges *edges;
	struct sc_arena *arena;
	struct sc_needs *needs;
	struct sc_error *err;
	struct ports *listed;
};

/* The name alone: where a folder lies is nothing that a module should tell. */
static struct sc_str last_part(struct sc_str path)
{
	struct sc_str part;

	while (sc_take_until(&path, '/', &part))
		;
	return path;
}

void sc_put_place(struct sc_buf *b, const struct sc_place *place)
{
	struct sc_str file = last_part(place->file);

	if (place->line)
		sc_putf(b, " (" SC_FMT ":%u)", SC_ARG(file), place->line);
	else if (place->path.n)
		sc_putf(b, " (" SC_FMT ")", SC_ARG(place->path));
}

static int push(struct find *f, struct sc_need need, const struct sc_buf *why)
{
	if (why->failed ||
	    !sc_keep(f->arena, (struct sc_str){ why->s, why->n }, &need.why) ||
	    !SC_PUSH(f->arena, f->needs, need))
		return sc_no_memory(f->err);
	return 0;
}

static int add_block(struct find *f, struct sc_str block,
		     enum sc_confidence confidence, const char *why)
{
	SC_CLEAN(sc_buf_free) struct sc_buf b = { 0 };

	sc_putf(&b, "%s", why);
	return push(f,
		    (struct sc_need){ .kind = SC_NEED_ADDITION,
				      .word = block,
				      .confidence = confidence },
		    &b);
}

/* ------------------------------------------------------------- ports */

static bool is_listed(const struct ports *p, enum sc_proto proto, uint32_t port)
{
	return p->v[proto][port / 64] >> (port % 64) & 1;
}

/* What of the range no other need listens on yet: a port needs one rule, and
 * ranges that lie in each other must not cost more than their ports. */
static int add_port(struct find *f, struct sc_need need,
		    const struct sc_buf *why)
{
	uint32_t last = need.last, port = need.port;

	while (port <= last) {
		uint32_t first = port;
		int r;

		for (; port <= last && !is_listed(f->listed, need.proto, port);
		     port++)
			f->listed->v[need.proto][port / 64] |= UINT64_C(1)
							       << (port % 64);
		if (port == first) {
			port++;
			continue;
		}
		need.port = (uint16_t)first;
		need.last = (uint16_t)(port - 1);
		r = push(f, need, why);
		if (r < 0)
			return r;
	}
	return 0;
}

static int add_listed_port(struct find *f, const struct sc_port *p)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };

	if (p->first == 0 || p->last < p->first)
		return 0;
	sc_putf(&why, "%s", p->published ? "published" : "exposed");
	sc_put_place(&why, &p->place);
	return add_port(f,
			(struct sc_need){ .kind = SC_NEED_LISTEN,
					  .confidence = p->published
								? SC_HIGH
								: SC_MEDIUM,
					  .proto = p->proto,
					  .port = p->first,
					  .last = p->last },
			&why);
}

static int add_image_port(struct find *f, const struct sc_image_port *p)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };

	sc_putf(&why, "the image " SC_FMT " listens on it",
		SC_ARG(f->image->name));
	return add_port(f,
			(struct sc_need){ .kind = SC_NEED_LISTEN,
					  .confidence = SC_MEDIUM,
					  .proto = p->proto,
					  .port = p->number,
					  .last = p->number },
			&why);
}

/* Who is connected to listens. */
static int add_edge_port(struct find *f, const struct sc_edge *e)
{
	SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };

	if (e->from == e->to)
		sc_putf(&why, SC_FMT, SC_ARG(e->evidence));
	else
		sc_putf(&why, SC_FMT " connects to it: " SC_FMT,
			SC_ARG(f->all->v[e->from].name), SC_ARG(e->evidence));
	return add_port(f,
			(struct sc_need){ .kind = SC_NEED_LISTEN,
					  .confidence = SC_MEDIUM,
					  .port = e->port,
					  .last = e->port },
			&why);
}

static int add_listens(struct find *f)
{
	int r = 0;

	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; r == 0 && i < f->c->ports.n; i++)
			if (f->c->ports.v[i].published == (pass == 0))
				r = add_listed_port(f, &f->c->ports.v[i]);
	for (size_t i = 0; r == 0 && i < f->image->n_ports; i++)
		r = add_image_port(f, &f->image->ports[i]);
	for (size_t i = 0; r == 0 && i < f->edges->n; i++)
		if (f->edges->v[i].to == f->self &&
		    f->edges->v[i].confidence >= SC_MEDIUM)
			r = add_edge_port(f, &f->edges->v[i]);
	return r;
}

static int add_connects(struct find *f)
{
	for (size_t i = 0; i < f->edges->n; i++) {
		const struct sc_edge *e = &f->edges->v[i];
		struct sc_need need = { .kind = SC_NEED_CONNECT,
					.confidence = e->confidence,
					.port = e->port,
					.last = e->port,
					.why = e->evidence };

		if (e->from != f->self)
			continue;
		need.peer = f->all->v[e->to].name;
		if (!SC_PUSH(f->arena, f->needs, need))
			return sc_no_memory(f->err);
	}
	return 0;
}

/* -------------------------------------------------- blocks, capabilities */

static bool listens(const struct sc_needs *needs, bool privileged)
{
	for (size_t i = 0; i < needs->n; i++)
		if (needs->v[i].kind == SC_NEED_LISTEN &&
		    needs->v[i].confidence >= SC_MEDIUM &&
		    (!privileged || needs->v[i].port < PRIVILEGED_PORTS))
			return true;
	return false;
}

static int add_capability(struct find *f, int number,
			  enum sc_confidence confidence,
			  const struct sc_buf *why)
{
	return push(f,
		    (struct sc_need){
			    .kind = SC_NEED_CAPABILITY,
			    .confidence = confidence,
			    .word = sc_capability_word((unsigned)number) },
		    why);
}

static const struct sc_item *find_added(const struct sc_container *c,
					int number)
{
	for (size_t i = 0; i < c->cap_add.n; i++)
		if (sc_capability_find(c->cap_add.v[i].name) == number)
			return &c->cap_add.v[i];
	return NULL;
}

static const char *why_needed(const struct find *f, int number)
{
	struct sc_str name = sc_capability_word((unsigned)number);

	if (sc_str_eq(name, SC_STR("net_bind_service")))
		return "it listens below port 1024";
	if (f->c->systemd && sc_str_eq(name, SC_STR("setpcap")))
		return "systemd limits what it starts";
	return f->image->name.n ? "the image needs it"
				: "nothing is known of the image: taken to "
				  "start as root and drop to a user";
}

/* Why each capability of @set is needed, one need for each. */
static int add_capabilities(struct find *f, uint64_t set)
{
	for (int i = 0; i < SC_CAPABILITIES; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
		const struct sc_item *added = find_added(f->c, i);
		int r;

		if (!(set >> i & 1))
			continue;
		if (added) {
			sc_putf(&why, "cap_add");
			sc_put_place(&why, &added->place);
		} else {
			sc_putf(&why, "%s", why_needed(f, i));
		}
		r = add_capability(f, i, added ? SC_HIGH : SC_MEDIUM, &why);
		if (r < 0)
			return r;
	}
	return 0;
}

static uint64_t added(const struct sc_container *c)
{
	uint64_t set = 0;

	for (int i = 0; i < SC_CAPABILITIES; i++)
		if (find_added(c, i))
			set |= (uint64_t)1 << i;
	return set;
}

/* cap_add: ALL asks for what nobody needs: it is shown, and not granted. */
static int refuse_all(struct find *f)
{
	for (size_t i = 0; i < f->c->cap_add.n; i++) {
		SC_CLEAN(sc_buf_free) struct sc_buf why = { 0 };
		const struct sc_item *item = &f->c->cap_add.v[i];
		int r;

		if (sc_capability_find(item->name) >= 0)
			continue;
		sc_putf(&why, "cap_add");
		sc_put_place(&why, &item->place);
		sc_putf(&why, sc_has_part(SC_STR("ALL all"), ' ', item->name)
				      ? ": name those that it needs"
				      : ": no such capability");
		r = push(f,
			 (struct sc_need){ .kind = SC_NEED_CAPABILITY,
					   .confidence = SC_NEVER,
					   .word = item->name },
			 &why);
		if (r < 0)
			return r;
	}
	return 0;
}

/* What the image needs of the capabilities that it is known, or taken, to
 * start with. */
static uint64_t wanted_by_image(const struct find *f, bool *dropuser)
{
	*dropuser = !f->image->name.n ||
		    sc_has_part(f->image->caps, ' ', SC_STR("dropuser"));
	return sc_capabilities_read(f->image->caps) |
	       (*dropuser ? sc_capabilities_read(SC_STR(DROPUSER)) : 0);
}

static int add_root(struct find *f, uint64_t *left)
{
	uint64_t bundle = sc_capabilities_read(SC_STR(DROPUSER)), has, want;
	const char *why = f->image->name.n
				  ? "the image starts as root and drops to a "
				    "user"
				  : "nothing is known of the image: taken to "
				    "start as root and drop to a user";
	bool dropuser;
	int r = 0;

	has = sc_capabilities_of(f->c);
	want = sc_starts_as_root(f->c) ? wanted_by_image(f, &dropuser) : 0;
	if (f->c->systemd)
		want |= sc_capabilities_read(SC_STR("setpcap"));
	if (sc_starts_as_root(f->c) && listens(f->needs, true))
		want |= sc_capabilities_read(SC_STR("net_bind_service"));
	*left = (want & has) | added(f->c);
	if ((*left & bundle) == bundle) {
		r = add_block(f,
			      sc_has_userns(f->c) ? SC_STR("selcage_dropuserns")
						  : SC_STR("selcage_dropuser"),
			      SC_MEDIUM, why);
		*left &= ~bundle;
		if (sc_has_userns(f->c))
			*left &= ~sc_capabilities_read(
				SC_STR("net_bind_service"));
	}
	return r;
}

static int add_blocks(struct find *f, uint64_t *caps)
{
	const struct sc_container *c = f->c;
	int r = 0;

	if (!c->no_network && listens(f->needs, false))
		r = add_block(f, SC_STR("selcage_server"), SC_HIGH,
			      "it listens");
	else if (!c->no_network)
		r = add_block(f, SC_STR("selcage_client"), SC_HIGH,
			      "it has a network");
	if (r == 0)
		r = add_root(f, caps);
	if (r == 0 && f->image->jit)
		r = add_block(f, SC_STR("selcage_jitcode"), SC_MEDIUM,
			      "the image makes code at run time");
	if (r == 0 && c->init)
		r = add_block(f, SC_STR("selcage_podinit"), SC_HIGH,
			      "it is started through the engine's init");
	if (r == 0 && c->systemd)
		r = add_block(f, SC_STR("selcage_sysd"), SC_HIGH,
			      "it runs systemd");
	return r;
}

/* In the order of a module, whatever the order in which they were found. */
static int sort(const struct sc_needs *found, struct sc_arena *a,
		struct sc_needs *out, struct sc_error *err)
{
	static const enum sc_need_kind order[] = { SC_NEED_ADDITION,
						   SC_NEED_CAPABILITY,
						   SC_NEED_LISTEN,
						   SC_NEED_CONNECT };
	struct sc_needs needs = { 0 };

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++)
		for (size_t i = 0; i < found->n; i++)
			if (found->v[i].kind == order[k] &&
			    !SC_PUSH(a, &needs, found->v[i]))
				return sc_no_memory(err);
	*out = needs;
	return 0;
}

int sc_needs_find(const struct sc_containers *all, size_t self,
		  const struct sc_image *image, const struct sc_edges *edges,
		  struct sc_arena *a, struct sc_needs *out,
		  struct sc_error *err)
{
	struct sc_needs needs = { 0 };
	struct ports listed = { 0 };
	struct find f = { all, self,   &all->v[self], image,  edges,
			  a,   &needs, err,           &listed };
	uint64_t caps = 0;
	int r = f.c->no_network ? 0 : add_listens(&f);

	if (r == 0)
		r = add_connects(&f);
	if (r == 0)
		r = add_blocks(&f, &caps);
	if (r == 0)
		r = add_capabilities(&f, caps);
	if (r == 0)
		r = refuse_all(&f);
	return r < 0 ? r : sort(&needs, a, out, err);
}

const char *sc_confidence_name(enum sc_confidence c)
{
	static const char *const names[] = { [SC_NEVER] = "never",
					     [SC_LOW] = "low",
					     [SC_MEDIUM] = "medium",
					     [SC_HIGH] = "high" };

	return names[c];
}
