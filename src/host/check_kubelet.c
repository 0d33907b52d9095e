#include "host/look.h"

#include "base/clean.h"
#include "base/table.h"

#include <arpa/inet.h>

/* What stands in the way of all checks of the kubelet; true: said so. */
static bool has_none(struct sc_look *l)
{
	const struct sc_kubelet *k = &l->machine->kubelet;

	if (k->inside.n && !k->pid) {
		sc_look_say(l, SC_MANUAL,
			    SC_FMT " starts a kubelet of its own: see "
				   "kubelet-arg in its config.yaml",
			    SC_ARG(k->inside));
		return true;
	}
	if (!k->there) {
		sc_look_say(l, SC_NA, "there is no kubelet here");
		return true;
	}
	return false;
}

/* ---- what a value must be */

static bool read_number(struct sc_str v, bool *negative, uint64_t *out)
{
	*negative = sc_take_prefix(&v, SC_STR("-"));
	return sc_take_u64(&v, out) && !v.n;
}

/* A time as Go writes it, "1h30m0s", ".5s", "-1m", or 0; false: it is none. */
static bool read_time(struct sc_str v, bool *above_zero)
{
	static const struct sc_str units[] = {
		SC_STR("ns"), SC_STR("us"), SC_STR("ms"), SC_STR("h"),
		SC_STR("m"),  SC_STR("s"),  SC_STR("µs"),
	};
	bool negative = sc_take_prefix(&v, SC_STR("-")), some = false;

	(void)sc_take_prefix(&v, SC_STR("+"));
	*above_zero = false;
	if (sc_str_eq(v, SC_STR("0")))
		return true;
	while (v.n) {
		size_t digits = 0, unit = 0;

		while (v.n && ((*v.s >= '0' && *v.s <= '9') || *v.s == '.')) {
			*above_zero =
				*above_zero || (*v.s > '0' && *v.s <= '9');
			digits += *v.s != '.';
			sc_str_drop(&v, 1);
		}
		while (unit < 7 && !sc_take_prefix(&v, units[unit]))
			unit++;
		if (!digits || unit == 7)
			return false;
		some = true;
	}
	*above_zero = *above_zero && !negative;
	return some;
}

/* Of an address: does it lead nowhere but here? */
static bool read_address(struct sc_str v, bool *is)
{
	struct in6_addr six;
	struct in_addr four;
	char host[64] = { 0 };

	if (v.n >= sizeof(host))
		return false;
	memcpy(host, v.s, v.n);
	if (inet_pton(AF_INET, host, &four) == 1)
		*is = ntohl(four.s_addr) >> 24 == 127;
	else if (inet_pton(AF_INET6, host, &six) == 1)
		*is = IN6_IS_ADDR_LOOPBACK(&six);
	else
		return false;
	return true;
}

/* The same of one with a port behind it, which may be missing. */
static bool read_loopback(struct sc_str v, bool *is)
{
	const char *colon = v.n ? memrchr(v.s, ':', v.n) : NULL;

	if (read_address(v, is))
		return true;
	if (!colon)
		return false;
	v.n = (size_t)(colon - v.s);
	if (v.n > 1 && *v.s == '[' && v.s[v.n - 1] == ']') {
		sc_str_drop(&v, 1);
		v.n--;
	}
	return read_address(v, is);
}

/* Is it a list, and is each of its words one of @words? */
static bool all_of(struct sc_str list, struct sc_str words)
{
	struct sc_str part;

	if (!list.n)
		return false;
	while (sc_take_part(&list, ',', &part))
		if (!sc_has_part(words, ' ', sc_str_trim(part)))
			return false;
	return true;
}

enum fit { FITS, FITS_NOT, MAKES_NO_SENSE };

static enum fit fit_of(bool read, bool good)
{
	return !read ? MAKES_NO_SENSE : good ? FITS : FITS_NOT;
}

static enum fit fits(struct sc_str want, const struct sc_value *v)
{
	struct sc_str text = v->set ? v->text : SC_STR("");
	bool negative = false, good = false, read;
	uint64_t number = 0, least = 0;

	if (sc_take_prefix(&want, SC_STR("is ")))
		return fit_of(true, sc_str_eq(text, want));
	if (sc_str_eq(want, SC_STR("absent")))
		return fit_of(true, !v->set);
	if (sc_take_prefix(&want, SC_STR("some of ")))
		return fit_of(true, all_of(text, want));
	if (sc_str_eq(want, SC_STR("loopback"))) {
		read = read_loopback(text, &good);
		return fit_of(read, good);
	}
	if (sc_str_eq(want, SC_STR("time above 0"))) {
		read = read_time(text, &good);
		return fit_of(read, good);
	}
	read = read_number(text, &negative, &number);
	if (sc_take_prefix(&want, SC_STR("above ")))
		good = sc_take_u64(&want, &least) && number > least;
	else if (sc_take_prefix(&want, SC_STR("0 or at least ")))
		good = sc_take_u64(&want, &least) &&
		       (!number || number >= least);
	else
		read = false;
	return fit_of(read, good && !negative);
}

/* A list of words that pass is too long to be shown. */
static struct sc_str shown(struct sc_str want)
{
	if (sc_take_prefix(&want, SC_STR("some of ")))
		return SC_STR("known suites alone");
	(void)sc_take_prefix(&want, SC_STR("is "));
	return want;
}

static void judge_value(struct sc_look *l, struct sc_str name,
			const struct sc_value *v)
{
	struct sc_str want = l->v->check.want;
	enum fit fit;

	if (v->trouble.n) {
		sc_look_trouble(l, SC_FMT, SC_ARG(v->trouble));
		sc_look_value(l, name, v, shown(want), false);
		return;
	}
	fit = fits(want, v);
	if (fit == MAKES_NO_SENSE)
		sc_look_trouble(l, "its value is not of that form");
	sc_look_value(l, name, v, shown(want), fit == FITS_NOT);
}

/* ---- files that are named by a value */

static bool holds_certificate(struct sc_str text)
{
	static const struct sc_str mark = SC_STR("-----BEGIN CERTIFICATE-----");

	return text.n && memmem(text.s, text.n, mark.s, mark.n);
}

/* Is there such a file, and of certificates if @pem? */
static void judge_file(struct sc_look *l, struct sc_str name,
		       const struct sc_value *v, bool pem)
{
	struct sc_str text = { 0 };
	struct sc_error why;
	int r;

	if (v->trouble.n || !v->set || !v->text.n) {
		if (v->trouble.n)
			sc_look_trouble(l, SC_FMT, SC_ARG(v->trouble));
		sc_look_value(l, name, v, SC_STR("a file"), !v->trouble.n);
		return;
	}
	r = sc_host_read(l->machine->host, v->text.s, l->a, &text, &why);
	if (r == SC_ENOMEM)
		l->no_memory = true;
	else if (r < 0 && r != SC_ENOTFOUND)
		sc_look_trouble(l, "%s", why.msg);
	if (r == SC_ENOTFOUND)
		sc_look_note(l, "%s", why.msg);
	else if (r == 0 && pem && !holds_certificate(text))
		sc_look_note(l, "'" SC_FMT "' holds no certificate",
			     SC_ARG(v->text));
	sc_look_value(l, name, v, SC_STR("a file"),
		      r == SC_ENOTFOUND ||
			      (r == 0 && pem && !holds_certificate(text)));
}

/* What runs may have another value than the file, if that was written later. */
static void look_at_age(struct sc_look *l, const struct sc_value *v)
{
	const struct sc_str newer = l->machine->kubelet.newer;

	if (newer.n && v->from.layer != SC_LAYER_FLAG)
		sc_look_file(l, newer.s,
			     SC_STR("is newer than the kubelet that runs"),
			     SC_STR("a restart"), true);
}

static bool value_of(struct sc_look *l, const char *key, struct sc_value *out)
{
	struct sc_error err;

	if (sc_kubelet_value(&l->machine->kubelet, sc_view(key), l->a, out,
			     &err) == 0)
		return true;
	l->no_memory = l->no_memory || err.code == SC_ENOMEM;
	sc_look_trouble(l, "%s", err.msg);
	return false;
}

void sc_check_kubelet(struct sc_look *l, struct sc_str key)
{
	struct sc_value v;
	struct sc_str kept;

	if (has_none(l))
		return;
	if (!sc_keep(l->a, key, &kept)) {
		l->no_memory = true;
		return;
	}
	if (!value_of(l, kept.s, &v))
		return;
	if (sc_str_eq(l->v->check.want, SC_STR("file")))
		judge_file(l, key, &v, true);
	else
		judge_value(l, key, &v);
	look_at_age(l, &v);
}

/* ---- probes */

static bool is_true(const struct sc_value *v)
{
	return !v->trouble.n && v->set && sc_str_eq(v->text, SC_STR("true"));
}

/* Two files, or a request to the cluster's signer: either will do. */
static void look_serving_cert(struct sc_look *l)
{
	struct sc_value bootstrap, cert, key;

	if (has_none(l) || !value_of(l, "serverTLSBootstrap", &bootstrap) ||
	    !value_of(l, "tlsCertFile", &cert) ||
	    !value_of(l, "tlsPrivateKeyFile", &key))
		return;
	if (is_true(&bootstrap)) {
		sc_look_value(l, SC_STR("serverTLSBootstrap"), &bootstrap,
			      SC_STR("true"), false);
		sc_look_note(l, "it asks the cluster for one");
		return;
	}
	if (!cert.set && !key.set && !cert.trouble.n)
		sc_look_note(l, "it signs its own");
	judge_file(l, SC_STR("tlsCertFile"), &cert, true);
	judge_file(l, SC_STR("tlsPrivateKeyFile"), &key, false);
}

static void look_client_rotation(struct sc_look *l)
{
	const struct sc_kubelet *k = &l->machine->kubelet;
	struct sc_str trouble = { 0 };
	enum sc_answer cert = SC_ANSWER_UNKNOWN;
	struct sc_value v;
	struct stat st;

	if (has_none(l) || !value_of(l, "rotateCertificates", &v))
		return;
	if (k->kubeconfig.n &&
	    sc_host_stat(l->machine->host, k->kubeconfig.s, &st))
		cert = sc_kubeconfig_has_cert(l->machine->host, k->kubeconfig,
					      l->a, &trouble);
	if (cert == SC_ANSWER_NO) {
		sc_look_say(l, SC_NA,
			    "it logs in by " SC_FMT
			    ", which names no certificate",
			    SC_ARG(k->kubeconfig));
		return;
	}
	if (v.trouble.n)
		sc_look_trouble(l, SC_FMT, SC_ARG(v.trouble));
	else if (trouble.n && !is_true(&v))
		sc_look_trouble(l, SC_FMT, SC_ARG(trouble));
	sc_look_value(l, SC_STR("rotateCertificates"), &v, SC_STR("true"),
		      !l->trouble && !is_true(&v));
}

const struct sc_probe sc_probes_kubelet[] = {
	{ SC_STR("kubelet-serving-cert"), look_serving_cert },
	{ SC_STR("kubelet-client-rotation"), look_client_rotation },
	{ { NULL, 0 }, NULL },
};

/* ---- kube-proxy */

void sc_check_proxy(struct sc_look *l, struct sc_str key)
{
	struct sc_error err;
	struct sc_value v;

	if (!l->machine->proxy.there) {
		sc_look_say(l, SC_NA,
			    "no kube-proxy runs here, and no unit "
			    "starts one");
		return;
	}
	if (sc_proxy_metrics(&l->machine->proxy, l->a, &v, &err) < 0) {
		l->no_memory = true;
		return;
	}
	judge_value(l, key, &v);
}
