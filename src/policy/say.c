#include "policy/say.h"

#include "base/data.h"
#include "base/table.h"
#include "policy/db.h"

#define RANGES_MAX 4 /* of ports, that a line shows */

static bool has_any(struct sc_str list, struct sc_str wanted)
{
	struct sc_str word;

	while (sc_take_word(&wanted, &word))
		if (sc_has_part(list, ' ', word))
			return true;
	return false;
}

static uint8_t protocol_of(struct sc_str tclass)
{
	return sc_str_eq(tclass, SC_STR("tcp_socket"))    ? 6
	       : sc_str_eq(tclass, SC_STR("udp_socket"))  ? 17
	       : sc_str_eq(tclass, SC_STR("sctp_socket")) ? 132
							  : 0;
}

/* "(80, 443, 8008-8010, and 3 more ranges)" */
static void put_ports(const struct sc_policy *p, const struct sc_vector *v,
		      struct sc_buf *out)
{
	const policydb_t *db = sc_policy_db(p);
	size_t n = 0;

	for (const ocontext_t *c = db->ocontexts[OCON_PORT]; c; c = c->next) {
		const char *type =
			db->p_type_val_to_name[c->context[0].type - 1];

		if (c->u.port.protocol != protocol_of(v->tclass) ||
		    !sc_str_eq(sc_view(type), v->target) || n++ >= RANGES_MAX)
			continue;
		sc_putf(out, "%s%u", n == 1 ? " (" : ", ",
			(unsigned)c->u.port.low_port);
		if (c->u.port.high_port != c->u.port.low_port)
			sc_putf(out, "-%u", (unsigned)c->u.port.high_port);
	}
	if (n > RANGES_MAX)
		sc_putf(out, ", and %zu more", n - RANGES_MAX);
	if (n)
		sc_put(out, SC_STR(")"));
}

static bool say_port(const struct sc_policy *p, const struct sc_vector *v,
		     struct sc_buf *out)
{
	bool bind = sc_has_part(v->perms, ' ', SC_STR("name_bind"));
	bool connect = sc_has_part(v->perms, ' ', SC_STR("name_connect"));

	if (!protocol_of(v->tclass) || !(bind || connect))
		return false;
	sc_putf(out, "%s%s%s %.3s ports of " SC_FMT, bind ? "listens on" : "",
		bind && connect ? " and " : "", connect ? "connects to" : "",
		v->tclass.s, SC_ARG(v->target));
	put_ports(p, v, out);
	return true;
}

static bool say_capability(const struct sc_vector *v, struct sc_buf *out)
{
	if (!has_any(v->tclass, SC_STR("capability capability2 cap_userns "
				       "cap2_userns")) ||
	    !sc_str_eq(v->target, SC_STR("self")))
		return false;
	sc_putf(out, "uses the %s " SC_FMT "%s",
		memchr(v->perms.s, ' ', v->perms.n) ? "capabilities"
						    : "capability",
		SC_ARG(v->perms),
		has_any(v->tclass, SC_STR("cap_userns cap2_userns"))
			? " in its user namespace"
			: "");
	return true;
}

static bool say_file(const struct sc_vector *v, struct sc_buf *out)
{
	static const struct {
		struct sc_str perms;
		const char *verb;
	} verbs[] = {
		{ SC_STR("read open getattr search"), "reads" },
		{ SC_STR("write append create unlink rename setattr add_name "
			 "remove_name link rmdir"),
		  "changes" },
		{ SC_STR("execute execute_no_trans entrypoint"), "runs" },
	};
	const char *between = "";
	size_t before = out->n;

	if (!has_any(v->tclass, SC_STR("file dir lnk_file sock_file fifo_file "
				       "chr_file blk_file")))
		return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (!has_any(v->perms, verbs[i].perms))
			continue;
		sc_putf(out, "%s%s", between, verbs[i].verb);
		between = " and ";
	}
	if (out->n == before)
		return false;
	sc_putf(out, " " SC_FMT ":" SC_FMT " { " SC_FMT " }", SC_ARG(v->target),
		SC_ARG(v->tclass), SC_ARG(v->perms));
	return true;
}

void sc_say_vector(const struct sc_policy *p, const struct sc_vector *v,
		   struct sc_buf *out)
{
	if (say_port(p, v, out) || say_capability(v, out) || say_file(v, out))
		return;
	sc_putf(out, SC_FMT ":" SC_FMT " { " SC_FMT " }", SC_ARG(v->target),
		SC_ARG(v->tclass), SC_ARG(v->perms));
}

struct sc_str sc_say_block(struct sc_str block)
{
	struct sc_str text = sc_data("blocks.tsv");
	struct sc_row row = { 0 };

	while (sc_take_row(&text, &row))
		if (sc_str_eq(row.v[0], block))
			return row.v[1];
	return block;
}
