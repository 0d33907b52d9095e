/*
 * gen - write an audit log of any size to standard output.
 *
 *     gen [-s SIZE[KMG]] [-r RATE] [-p SHARE] [-i SHARE] [-d COUNT] [-x SEED]
 *         [-u]
 *
 * -s  bytes, about (100M)
 * -r  events a second of log time (20)
 * -p  of 100 events, those that have a denial; 100: nothing else (10)
 * -i  of 100 events, those whose records stand between those of the next (2)
 * -d  different denials (400)
 * -u  no two denials are the same: each has a type of its own
 * -x  start of the random numbers; the same options give the same bytes (1)
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#define FIRST_MS 1700000000000

struct options {
	uint64_t size, rate, share, interleave, distinct, seed;
	bool unique;
};

/* The records of one event: up to LINES lines in one buffer. */
#define LINES 8
struct event {
	char text[8192];
	size_t n;
	size_t ends[LINES];
	size_t lines;
};

static const char *const words[] = {
	"nginx",  "postgres", "redis", "java",     "node", "python3",
	"mysqld", "php-fpm",  "sh",    "rsyslogd", "sshd", "haproxy",
};
static const char *const folders[] = {
	"/srv/www",      "/var/lib/data", "/etc/app",         "/run/app",
	"/home/user/in", "/opt/service",  "/var/log/service",
};
/* clang-format off */
/* Types that the reference policy and Fedora's have: what a tool makes of a
 * type that its policy lacks costs it next to nothing. */
static const char *const domains[] = {
	"httpd_t", "postgresql_t", "redis_t", "mysqld_t", "sshd_t", "syslogd_t",
	"named_t", "postfix_master_t", "dovecot_t", "crond_t", "ntpd_t",
	"chronyd_t", "NetworkManager_t", "system_dbusd_t", "squid_t",
	"nagios_t", "snmpd_t", "zabbix_t", "container_t", "dnsmasq_t",
	"cupsd_t", "ftpd_t", "smbd_t", "nscd_t", "openvpn_t", "rpcbind_t",
	"rsync_t", "saslauthd_t", "slapd_t", "spamd_t", "tor_t", "virtd_t",
	"xdm_t", "udev_t", "memcached_t", "varnishd_t", "munin_t",
	"logrotate_t", "fail2ban_t", "exim_t",
};
static const char *const objects[] = {
	"etc_t", "var_lib_t", "var_log_t", "tmp_t", "usr_t", "bin_t", "lib_t",
	"home_root_t", "user_home_t", "httpd_sys_content_t", "proc_t",
	"sysfs_t", "sysctl_t", "cert_t", "net_conf_t", "var_run_t", "shadow_t",
	"boot_t", "device_t", "root_t", "default_t", "unlabeled_t", "mnt_t",
	"nfs_t", "cifs_t", "container_file_t", "container_ro_file_t",
	"container_var_lib_t", "mysqld_db_t", "postgresql_db_t", "named_zone_t",
	"named_conf_t", "squid_cache_t", "squid_log_t", "httpd_log_t",
	"httpd_config_t", "samba_share_t", "samba_etc_t", "crond_var_run_t",
	"cron_spool_t", "system_cron_spool_t", "mail_spool_t", "etc_mail_t",
	"postfix_etc_t", "dovecot_etc_t", "dovecot_cert_t", "sshd_key_t",
	"ssh_home_t", "user_tmp_t", "tmpfs_t", "cgroup_t", "security_t",
	"selinux_config_t", "modules_object_t", "src_t", "locale_t", "fonts_t",
	"man_t", "public_content_t", "ntpd_log_t",
};
/* clang-format on */
static const char *const perms[] = {
	"read", "write", "open", "getattr", "read open", "search", "append",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* splitmix64 */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t n)
{
	return next(state) % n;
}

static void add(struct event *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct event *e, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(e->text + e->n, sizeof(e->text) - e->n, fmt, ap);
	va_end(ap);
	e->n += (size_t)n;
}

static void end_line(struct event *e)
{
	add(e, "\n");
	e->ends[e->lines++] = e->n;
}

static void begin_line(struct event *e, const char *type, uint64_t ms,
		       uint64_t serial)
{
	add(e,
	    "type=%s msg=audit(%" PRIu64 ".%03" PRIu64 ":%" PRIu64 "): ", type,
	    ms / 1000, ms % 1000, serial);
}

/* What a denial is made of; equal for equal @which. */
struct denial {
	const char *word, *folder, *perms;
	const char *type, *peer, *target;
	uint64_t object;
};

static struct denial denial(uint64_t which)
{
	uint64_t state = which * 7919 + 11;

	return (struct denial){
		.word = words[below(&state, COUNT(words))],
		.folder = folders[below(&state, COUNT(folders))],
		.perms = perms[below(&state, COUNT(perms))],
		.type = domains[below(&state, COUNT(domains))],
		.peer = domains[below(&state, COUNT(domains))],
		.target = objects[below(&state, COUNT(objects))],
		.object = which,
	};
}

static void put_avc(struct event *e, const struct denial *d, uint64_t ms,
		    uint64_t serial, uint64_t *random)
{
	uint64_t c = below(random, 500);

	begin_line(e, "AVC", ms, serial);
	add(e,
	    "avc:  denied  { %s } for  pid=%" PRIu64 " comm=\"%s\" "
	    "name=\"file%" PRIu64 "\" dev=\"dm-0\" ino=%" PRIu64
	    " scontext=system_u:system_r:%s:s0:c%" PRIu64 ",c%" PRIu64
	    " tcontext=system_u:object_r:%s:s0 tclass=file permissive=0",
	    d->perms, 1000 + below(random, 30000), d->word, d->object,
	    d->object + 1000, d->type, c, c + 1 + below(random, 500),
	    d->target);
	end_line(e);
}

static void put_user_avc(struct event *e, const struct denial *d, uint64_t ms,
			 uint64_t serial)
{
	begin_line(e, "USER_AVC", ms, serial);
	add(e,
	    "pid=812 uid=81 auid=4294967295 ses=4294967295 "
	    "subj=system_u:system_r:system_dbusd_t:s0 msg='avc:  denied  "
	    "{ send_msg } for msgtype=method_call interface=org.example.I%" PRIu64
	    " member=Get dest=:1.7 spid=1 tpid=2 "
	    "scontext=system_u:system_r:%s:s0 tcontext=system_u:system_r:%s:s0 "
	    "tclass=dbus permissive=0 exe=\"/usr/bin/dbus-daemon\" "
	    "sauid=81 hostname=? addr=? terminal=?'\035UID=\"messagebus\" "
	    "AUID=\"unset\" SAUID=\"messagebus\"",
	    d->object % 5, d->type, d->peer);
	end_line(e);
}

/* SYSCALL, CWD, PATH and PROCTITLE: of a denial, or of an audit rule. */
static void put_call(struct event *e, const struct denial *d, uint64_t ms,
		     uint64_t serial, uint64_t *random)
{
	uint64_t pid = 1000 + below(random, 30000);

	begin_line(e, "SYSCALL", ms, serial);
	add(e,
	    "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c "
	    "a1=%" PRIx64 " a2=241 a3=1b6 items=1 ppid=%" PRIu64 " pid=%" PRIu64
	    " auid=4294967295 uid=0 gid=0 euid=0 suid=0 "
	    "fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 "
	    "comm=\"%s\" exe=\"/usr/bin/%s\" "
	    "subj=system_u:system_r:%s:s0 key=(null)\035ARCH=x86_64 "
	    "SYSCALL=openat AUID=\"unset\" "
	    "UID=\"root\" GID=\"root\" EUID=\"root\" SUID=\"root\" "
	    "FSUID=\"root\" EGID=\"root\" SGID=\"root\" FSGID=\"root\"",
	    next(random) >> 20, pid - 1, pid, d->word, d->word, d->type);
	end_line(e);
	begin_line(e, "CWD", ms, serial);
	add(e, "cwd=\"%s\"", d->folder);
	end_line(e);
	begin_line(e, "PATH", ms, serial);
	add(e,
	    "item=0 name=\"%s/file%" PRIu64 "\" inode=%" PRIu64
	    " dev=fd:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 "
	    "obj=system_u:object_r:%s:s0 nametype=NORMAL cap_fp=0 cap_fi=0 "
	    "cap_fe=0 cap_fver=0 "
	    "cap_frootid=0\035OUID=\"root\" OGID=\"root\"",
	    d->folder, d->object, d->object + 1000, d->target);
	end_line(e);
	begin_line(e, "PROCTITLE", ms, serial);
	add(e, "proctitle=2F7573722F62696E2F%02X%02X002D2D636F6E666967",
	    d->word[0], d->word[1]);
	end_line(e);
}

static void put_user(struct event *e, const struct denial *d, uint64_t ms,
		     uint64_t serial)
{
	static const char *const types[] = { "CRED_ACQ", "USER_START",
					     "SERVICE_START", "USER_END" };

	begin_line(e, types[d->object % COUNT(types)], ms, serial);
	add(e,
	    "pid=1 uid=0 auid=4294967295 ses=4294967295 "
	    "subj=system_u:system_r:init_t:s0 msg='unit=%s comm=\"systemd\" "
	    "exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? "
	    "res=success'\035UID=\"root\" AUID=\"unset\"",
	    d->word);
	end_line(e);
}

static void make(struct event *e, const struct options *o, uint64_t ms,
		 uint64_t serial, uint64_t *random)
{
	bool denied = below(random, 100) < o->share;
	struct denial d = denial(below(random, denied ? o->distinct : 5000));
	bool by_user = below(random, 100) < 5;
	char own[32];

	if (o->unique) {
		snprintf(own, sizeof(own), "own%" PRIu64 "_t", serial);
		d.type = own;
	}
	e->n = e->lines = 0;
	if (denied && by_user) {
		put_user_avc(e, &d, ms, serial);
		return;
	}
	if (denied)
		put_avc(e, &d, ms, serial, random);
	else if (below(random, 100) < 10)
		put_user(e, &d, ms, serial);
	if (e->lines == 0 || denied)
		put_call(e, &d, ms, serial, random);
}

static void write_line(const struct event *e, size_t i, uint64_t *written)
{
	size_t from = i ? e->ends[i - 1] : 0;

	fwrite(e->text + from, 1, e->ends[i] - from, stdout);
	*written += e->ends[i] - from;
}

/* The lines of both, in turn. */
static void write_mixed(const struct event *a, const struct event *b,
			uint64_t *written)
{
	for (size_t i = 0; i < a->lines || i < b->lines; i++) {
		if (i < a->lines)
			write_line(a, i, written);
		if (i < b->lines)
			write_line(b, i, written);
	}
}

static void generate(const struct options *o)
{
	static struct event event, other;
	uint64_t random = o->seed, written = 0;
	uint64_t events = 0;

	while (written < o->size) {
		uint64_t ms = FIRST_MS + events * 1000 / o->rate;

		make(&event, o, ms, ++events, &random);
		other.lines = 0;
		if (below(&random, 100) < o->interleave)
			make(&other, o, ms, ++events, &random);
		write_mixed(&event, &other, &written);
	}
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	switch (*end) {
	case 'G':
		return n << 30;
	case 'M':
		return n << 20;
	case 'K':
		return n << 10;
	default:
		return n;
	}
}

static uint64_t *option(struct options *o, int letter)
{
	switch (letter) {
	case 's':
		return &o->size;
	case 'r':
		return &o->rate;
	case 'p':
		return &o->share;
	case 'i':
		return &o->interleave;
	case 'd':
		return &o->distinct;
	case 'x':
		return &o->seed;
	default:
		return NULL;
	}
}

int main(int argc, char **argv)
{
	struct options o = { .size = (uint64_t)100 << 20,
			     .rate = 20,
			     .share = 10,
			     .interleave = 2,
			     .distinct = 400,
			     .seed = 1 };
	int letter;

	while ((letter = getopt(argc, argv, "s:r:p:i:d:x:u")) >= 0) {
		uint64_t *to = option(&o, letter);

		if (letter == 'u')
			o.unique = true;
		else if (to)
			*to = number(optarg);
		else
			return 2;
	}
	if (!o.rate || !o.distinct || optind != argc) {
		fputs("usage: gen [-s SIZE[KMG]] [-r RATE] [-p SHARE] "
		      "[-i SHARE] [-d COUNT] [-x SEED] [-u]\n",
		      stderr);
		return 2;
	}
	generate(&o);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
