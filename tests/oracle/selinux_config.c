/*
 * selinux_config: reads /etc/selinux/config as we do and as libselinux does,
 * for odd texts and for many that are put together at random, always the same
 * ones. libselinux reads one path alone: so in a root of its own.
 */
#include "policy/config.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <selinux/selinux.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define RANDOM_TEXTS 5000
#define PIECES_MAX 12

static const char *const odd[] = {
	"",
	"\n",
	"SELINUX=enforcing",
	"SELINUX=enforcing\nSELINUXTYPE=targeted\n",
	"SELINUX=enforcing\r\nSELINUXTYPE=targeted\r\n",
	"\xef\xbb\xbfSELINUX=enforcing\nSELINUXTYPE=targeted\n",
	"SELINUX = enforcing\n",
	" SELINUX=enforcing\n",
	"selinux=enforcing\n",
	"SELINUX=ENFORCING\n",
	"SELINUX=enforcingXYZ\n",
	"SELINUX=\tpermissive # not yet\n",
	"SELINUX=no\nSELINUX=disabled\n",
	"SELINUX=enforcing\nSELINUX=permissive\n",
	"#SELINUX=enforcing\nSELINUX=permissive\n",
	"SELINUX=\"enforcing\"\nSELINUXTYPE=\"targeted\"\n",
	"SELINUXTYPE=targeted # comment\n",
	"  selinuxTYPE=mls\nSELINUXTYPE=targeted  \t\n",
	"SELINUXTYPE=\nSELINUX=\n",
	"SELINUXTYPE= targeted\n",
	"SELINUXTYPE=a b c\n",
	"SELINUXTYPE=a\x7f\n",
	"SELINUX=enforcing\\\nSELINUX=disabled\n",
	"export SELINUX=enforcing\n",
	"SELINUX=\nenforcing\n",
	"SELINUX=\v\f enforcing\n",
	"SETLOCALDEFS=0\nREQUIRESEUSERS=1\nSELINUX=permissive\n",
};

static const char *const pieces[] = {
	"SELINUX=",
	"SELINUXTYPE=",
	"selinuxtype=",
	"enforcing",
	"permissive",
	"disabled",
	"Enforcing",
	"targeted",
	"mls",
	"default",
	"\n",
	"\n",
	"\n",
	"\r",
	" ",
	"\t",
	"#",
	"\"",
	"'",
	"=",
	"\\",
	"$x",
	"\xef\xbb\xbf",
	"\v",
	"\f",
	"\x7f",
	"SELINUX",
	"_",
	"..",
	"/",
	"AUTORELABEL=1",
};

static int compared, differ;

/* A root with no more than one file in it; false: this may not be done here. */
static int enter_root(void)
{
	char path[] = "/tmp/selinux-config-XXXXXX";

	if (!mkdtemp(path) || chdir(path) < 0 || mkdir("etc", 0755) < 0 ||
	    mkdir("etc/selinux", 0755) < 0)
		return -1;
	if (geteuid() != 0 && unshare(CLONE_NEWUSER) < 0)
		return -1;
	return chroot(".");
}

static int put_file(struct sc_str text)
{
	int fd =
		open("/etc/selinux/config", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, text.s, text.n);

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)text.n ? 0 : -1;
}

static int code_of(enum sc_mode mode)
{
	return mode == SC_MODE_ENFORCING    ? 1
	       : mode == SC_MODE_PERMISSIVE ? 0
	       : mode == SC_MODE_DISABLED   ? -1
					    : -2;
}

static void compare(struct sc_str text)
{
	struct sc_config ours;
	char *type = NULL;
	int mode = -2, same;

	if (put_file(text) < 0) {
		perror("# cannot write the file");
		exit(1);
	}
	sc_config_read(text, &ours);
	if (selinux_getenforcemode(&mode) < 0)
		mode = -2;
	selinux_reset_config();
	if (selinux_getpolicytype(&type) < 0)
		type = NULL;
	same = mode == code_of(ours.mode);
	/* Where no line names one, each distribution has its own. */
	if (ours.type.n)
		same = same && type && sc_str_eq(ours.type, sc_view(type));
	compared++;
	if (!same && differ++ < 10) {
		printf("# differs: mode %d, ours %d; type '%s', ours '" SC_FMT
		       "':\n",
		       mode, code_of(ours.mode), type ? type : "none",
		       SC_ARG(ours.type));
		for (size_t i = 0; i < text.n; i++)
			printf("%s%02x", i ? " " : "#   ",
			       (unsigned char)text.s[i]);
		printf("\n");
	}
	free(type);
}

int main(void)
{
	uint64_t state = 1;
	char text[4096];

	if (enter_root() < 0) {
		printf("1..0 # SKIP no root of its own may be made here\n");
		return 0;
	}
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		compare(sc_view(odd[i]));
	for (int i = 0; i < RANDOM_TEXTS; i++) {
		size_t n = 0;

		for (int k = 0; k < PIECES_MAX; k++) {
			const char *piece;
			size_t length;

			state = state * 6364136223846793005u +
				1442695040888963407u;
			piece = pieces[(state >> 33) %
				       (sizeof(pieces) / sizeof(pieces[0]))];
			length = strlen(piece);
			memcpy(text + n, piece, length);
			n += length;
		}
		compare((struct sc_str){ text, n });
	}
	printf("%s 1 - %d texts read as libselinux reads them\n1..1\n",
	       differ ? "not ok" : "ok", compared);
	/* Here is no /proc, by which a sanitizer looks for leaks. */
	fflush(stdout);
	_exit(differ != 0);
}
