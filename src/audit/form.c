#include "audit/form.h"

#include "base/date.h"

#define SECOND ((uint64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define NAME_MAX_BYTES 64 /* of a host, of a tag */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "22:13:20", and a fraction of any length. */
static bool take_clock(struct sc_str *in, uint64_t *ms)
{
	uint64_t hour, minute, second, unit = 100;
	struct sc_str rest = *in;

	if (!sc_take_digits(&rest, 2, &hour) ||
	    !sc_take_prefix(&rest, SC_STR(":")) ||
	    !sc_take_digits(&rest, 2, &minute) ||
	    !sc_take_prefix(&rest, SC_STR(":")) ||
	    !sc_take_digits(&rest, 2, &second) || hour > 23 || minute > 59 ||
	    second > 60)
		return false;
	*ms = hour * HOUR + minute * MINUTE + second * SECOND;
	if (sc_take_prefix(&rest, SC_STR(".")) ||
	    sc_take_prefix(&rest, SC_STR(",")))
		for (; rest.n && is_digit(*rest.s); unit /= 10) {
			*ms += (uint64_t)(*rest.s - '0') * unit;
			sc_str_drop(&rest, 1);
		}
	*in = rest;
	return true;
}

/* "Z", "+01:00", "+0100": taken from @ms. */
static bool take_zone(struct sc_str *in, uint64_t *ms)
{
	bool east = sc_take_prefix(in, SC_STR("+"));
	uint64_t hours, minutes;

	if (!east && !sc_take_prefix(in, SC_STR("-")))
		return sc_take_prefix(in, SC_STR("Z"));
	if (!sc_take_digits(in, 2, &hours) || hours > 14)
		return false;
	(void)sc_take_prefix(in, SC_STR(":"));
	if (!sc_take_digits(in, 2, &minutes) || minutes > 59)
		return false;
	hours = hours * HOUR + minutes * MINUTE;
	if (east && hours > *ms)
		return false;
	*ms = east ? *ms - hours : *ms + hours;
	return true;
}

/* "2026-11-21T22:13:20.123456+01:00 ": rsyslog, short-iso, dmesg. With a space
 * and no zone it tells no time. */
static bool take_iso(struct sc_str *in, uint64_t *ms)
{
	struct sc_str rest = *in;
	uint64_t days, clock;
	bool zone;

	if (!sc_take_date(&rest, &days))
		return false;
	zone = sc_take_prefix(&rest, SC_STR("T"));
	if ((!zone && !sc_take_prefix(&rest, SC_STR(" "))) ||
	    !take_clock(&rest, &clock))
		return false;
	clock += days * SC_DAY_MS;
	if ((zone && !take_zone(&rest, &clock)) ||
	    !sc_take_prefix(&rest, SC_STR(" ")))
		return false;
	*ms = zone ? clock : 0;
	*in = rest;
	return true;
}

#define MONTHS "JanFebMarAprMayJunJulAugSepOctNovDec"

/* One of @names, of three letters each. */
static bool take_name(struct sc_str *in, struct sc_str names)
{
	for (; in->n >= 3 && names.n; sc_str_drop(&names, 3))
		if (memcmp(in->s, names.s, 3) == 0) {
			sc_str_drop(in, 3);
			return true;
		}
	return false;
}

static bool take_weekday(struct sc_str *in)
{
	struct sc_str rest = *in;

	if (!take_name(&rest, SC_STR("SunMonTueWedThuFriSat")) ||
	    !sc_take_prefix(&rest, SC_STR(" ")))
		return false;
	*in = rest;
	return true;
}

/* "Nov 14 22:13:20 ": it lacks the year, so it tells no time. */
static bool take_month_day(struct sc_str *in)
{
	struct sc_str rest = *in;
	uint64_t day, clock;

	if (!take_name(&rest, SC_STR(MONTHS)) ||
	    !sc_take_prefix(&rest, SC_STR(" ")))
		return false;
	sc_skip_spaces(&rest);
	if (!sc_take_u64(&rest, &day) || day > 31 ||
	    !sc_take_prefix(&rest, SC_STR(" ")) || !take_clock(&rest, &clock) ||
	    !sc_take_prefix(&rest, SC_STR(" ")))
		return false;
	*in = rest;
	return true;
}

/* "Tue 2026-11-21 22:13:20 CET ": journalctl -o short-full. The zone's name
 * says too little, unless it is this one. */
static bool take_full(struct sc_str *in, uint64_t *ms)
{
	struct sc_str rest = *in, zone;
	uint64_t days, clock;

	if (!take_weekday(&rest) || !sc_take_date(&rest, &days) ||
	    !sc_take_prefix(&rest, SC_STR(" ")) || !take_clock(&rest, &clock) ||
	    !sc_take_prefix(&rest, SC_STR(" ")) ||
	    !sc_take_until(&rest, ' ', &zone))
		return false;
	if (sc_str_eq(zone, SC_STR("UTC")))
		*ms = days * SC_DAY_MS + clock;
	*in = rest;
	return true;
}

/* "1700000000.123456 ": journalctl -o short-unix. */
static bool take_unix(struct sc_str *in, uint64_t *ms)
{
	struct sc_str rest = *in;
	uint64_t seconds, fraction;

	if (!sc_take_u64(&rest, &seconds) ||
	    !sc_take_prefix(&rest, SC_STR(".")) ||
	    !sc_take_digits(&rest, 6, &fraction) ||
	    !sc_take_prefix(&rest, SC_STR(" ")) ||
	    seconds > SC_YEAR_MAX * (uint64_t)32000000)
		return false;
	*ms = seconds * SECOND + fraction / 1000;
	*in = rest;
	return true;
}

/* What dmesg puts in brackets: "   12.345678", since boot; "  +0.000123",
 * "12.3 <    0.1>", since the line before (-d, -e); "Nov14 22:13";
 * "Tue Nov 14 22:13:20 2023" (-T). */
static bool is_dmesg_time(struct sc_str text)
{
	static const char digits[] = "0123456789.+<> ";
	uint64_t n;

	if (text.n > NAME_MAX_BYTES)
		return false;
	sc_skip_spaces(&text);
	if (take_weekday(&text))
		return true;
	if (take_name(&text, SC_STR(MONTHS)))
		return sc_take_digits(&text, 2, &n) &&
		       sc_take_prefix(&text, SC_STR(" "));
	for (size_t i = 0; i < text.n; i++)
		if (!memchr(digits, text.s[i], sizeof(digits) - 1))
			return false;
	return text.n && memchr(text.s, '.', text.n);
}

/* "[  T123]", "[    C0]": the thread or processor that said it. */
static void take_caller(struct sc_str *in)
{
	struct sc_str rest = *in, text;

	if (!sc_take_prefix(&rest, SC_STR("[")) ||
	    !sc_take_until(&rest, ']', &text) || text.n > NAME_MAX_BYTES)
		return;
	sc_skip_spaces(&text);
	if (text.n > 1 && (*text.s == 'T' || *text.s == 'C') &&
	    is_digit(text.s[1]))
		*in = rest;
}

static bool take_bracket(struct sc_str *in)
{
	struct sc_str rest = *in, text;

	if (!sc_take_prefix(&rest, SC_STR("[")) ||
	    !sc_take_until(&rest, ']', &text) || !is_dmesg_time(text))
		return false;
	take_caller(&rest);
	if (!sc_take_prefix(&rest, SC_STR(" ")))
		return false;
	*in = rest;
	return true;
}

/* "<5>", before the time: dmesg -r, syslog as it is sent, there with a version
 * or without; "kern  :notice: ": dmesg -x. */
static void take_priority(struct sc_str *in)
{
	struct sc_str rest = *in, word;
	uint64_t n;

	if (sc_take_prefix(&rest, SC_STR("<"))) {
		if (!sc_take_u64(&rest, &n) ||
		    !sc_take_prefix(&rest, SC_STR(">")))
			return;
		(void)sc_take_prefix(&rest, SC_STR("1 "));
		*in = rest;
	} else if (sc_take_prefix(&rest, SC_STR("kern ")) &&
		   sc_take_until(&rest, ':', &word) &&
		   sc_take_until(&rest, ':', &word) &&
		   word.n <= NAME_MAX_BYTES &&
		   sc_take_prefix(&rest, SC_STR(" "))) {
		*in = rest;
	}
}

/* What stands at the front of a line; *@ms is 0 where it tells no time. */
static bool take_time(struct sc_str *in, uint64_t *ms)
{
	*ms = 0;
	take_priority(in);
	return take_bracket(in) || take_month_day(in) || take_iso(in, ms) ||
	       take_full(in, ms) || take_unix(in, ms);
}

/* "audit[33]: "; @name with or without a number after it; or "audit 33 - - ",
 * as RFC 5424 has it. */
static bool take_tag(struct sc_str *in, struct sc_str name)
{
	struct sc_str rest = *in, process, message;
	uint64_t pid;

	if (!sc_take_prefix(&rest, name))
		return false;
	if (sc_take_prefix(&rest, SC_STR(" "))) {
		if (!sc_take_until(&rest, ' ', &process) ||
		    !sc_take_until(&rest, ' ', &message) ||
		    !sc_take_prefix(&rest, SC_STR("- ")))
			return false;
		*in = rest;
		return true;
	}
	if (sc_take_prefix(&rest, SC_STR("[")) &&
	    (!sc_take_u64(&rest, &pid) || !sc_take_prefix(&rest, SC_STR("]"))))
		return false;
	if (!sc_take_prefix(&rest, SC_STR(": ")))
		return false;
	*in = rest;
	return true;
}

/* "type=1400 audit(1700000000.123:45): ..."; old kernels wrote no type. */
static bool read_kernel(struct sc_str in, struct sc_record *out)
{
	struct sc_record r = { .form = SC_FORM_KERNEL };

	(void)sc_take_prefix(&in, SC_STR("audit: "));
	if (sc_take_prefix(&in, SC_STR("type="))) {
		if (!sc_take_until(&in, ' ', &r.type))
			return false;
	}
	if (!sc_take_prefix(&in, SC_STR("audit(")) ||
	    !sc_take_stamp(&in, &r.stamp) || !sc_take_prefix(&in, SC_STR("):")))
		return false;
	sc_skip_spaces(&in);
	if (!r.type.n)
		r.type = SC_STR("AVC");
	r.body = in;
	*out = r;
	return true;
}

/* "AVC avc:  denied ...", "USER_AVC pid=1 ...": without a stamp. */
static bool read_journal(struct sc_str in, uint64_t ms, struct sc_record *out)
{
	struct sc_record r = { .form = SC_FORM_JOURNAL, .stamp = { ms, 0 } };

	if (!sc_take_until(&in, ' ', &r.type) || !r.type.n)
		return false;
	for (size_t i = 0; i < r.type.n; i++) {
		char c = r.type.s[i];

		if (!(c >= 'A' && c <= 'Z') && c != '_' && c != '[' &&
		    c != ']' && !is_digit(c))
			return false;
	}
	r.body = in;
	*out = r;
	return true;
}

static bool read_relayed(struct sc_str in, struct sc_record *out)
{
	if (!sc_record_read(in, out))
		return false;
	out->form = SC_FORM_RELAYED;
	out->node = (struct sc_str){ 0 };
	return true;
}

/* What follows the time: a tag, with the host's name before it or not. */
static bool read_tagged(struct sc_str in, uint64_t ms, struct sc_record *out)
{
	if (take_tag(&in, SC_STR("kernel"))) {
		(void)take_bracket(&in);
		return read_kernel(in, out);
	}
	if (take_tag(&in, SC_STR("audit")))
		return read_kernel(in, out) || read_journal(in, ms, out);
	if (take_tag(&in, SC_STR("audisp-syslog")) ||
	    take_tag(&in, SC_STR("audispd")))
		return read_relayed(in, out);
	return read_kernel(in, out);
}

bool sc_form_read(struct sc_str line, struct sc_record *out)
{
	struct sc_str host;
	uint64_t ms = 0;
	bool timed = take_time(&line, &ms);

	if (read_tagged(line, ms, out))
		return true;
	if (timed)
		return sc_take_until(&line, ' ', &host) && host.n &&
		       host.n <= NAME_MAX_BYTES && host.s[host.n - 1] != ':' &&
		       read_tagged(line, ms, out);
	/* journalctl -o cat: the message alone. */
	if (line.n > 8 && memcmp(line.s, "AVC avc:", 8) == 0)
		return read_journal(line, 0, out);
	return false;
}

bool sc_form_has_time(struct sc_str line)
{
	uint64_t ms;

	return take_time(&line, &ms);
}

/* "type=AVC msg=audit(11/14/23 22:13:26.000:13) : " */
bool sc_form_is_interpreted(struct sc_str line)
{
	struct sc_str part;

	if (sc_take_prefix(&line, SC_STR("node=")) &&
	    !sc_take_until(&line, ' ', &part))
		return false;
	return sc_take_prefix(&line, SC_STR("type=")) &&
	       sc_take_until(&line, ' ', &part) &&
	       sc_take_prefix(&line, SC_STR("msg=audit(")) &&
	       sc_take_until(&line, ')', &part) &&
	       memchr(part.s, ' ', part.n) &&
	       sc_take_prefix(&line, SC_STR(" : "));
}

const char *sc_form_refusal(struct sc_str line)
{
	static const char journal[] =
		"it is the journal in a form for programs: write journalctl -o "
		"short-iso instead";

	if (sc_form_is_interpreted(line))
		return "it is output of ausearch -i, where the name of a file "
		       "can pose as a field: write ausearch --raw instead";
	if (line.n > 1 && (memcmp(line.s, "\xff\xfe", 2) == 0 ||
			   memcmp(line.s, "\xfe\xff", 2) == 0))
		return "it is UTF-16: iconv -f UTF-16 -t UTF-8 makes it a log";
	if (line.n > 2 && memcmp(line.s, "{\"", 2) == 0 &&
	    (memmem(line.s, line.n, "\"__CURSOR\"", 10) ||
	     memmem(line.s, line.n, "\"MESSAGE\"", 9)))
		return journal;
	return sc_take_prefix(&line, SC_STR("__CURSOR=")) ? journal : NULL;
}

bool sc_form_is_wrapped(struct sc_str line)
{
	static const char database[] = "SELinux: denied {"; /* PostgreSQL */
	const char *at = memmem(line.s, line.n, "avc:", 4);

	if (!at)
		return memmem(line.s, line.n, database, sizeof(database) - 1);
	sc_str_drop(&line, (size_t)(at - line.s) + 4);
	sc_skip_spaces(&line);
	return sc_take_prefix(&line, SC_STR("denied "));
}
