/*
 * act NAME OPERATION [ARGUMENT...]: do one thing that a kernel may refuse,
 * under the name NAME, by which the kernel's record of it is found again. In
 * all of them %41 is the byte 0x41; arguments may be patterns of files.
 *
 * Exit: 0 done; 1 refused (EACCES or EPERM); 2 anything else, and says what.
 */
#include "act.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/bpf.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

/* An empty one, as an engine puts over what it hides, is not read. */
static int do_read(char **arg)
{
	char c;
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, &c, 1);

	(void)done(fd);
	if (n == 0)
		errno = ENODATA;
	return n <= 0 ? -1 : 0;
}

static int do_write(char **arg)
{
	int fd = open(arg[0], O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, "x", 1);

	(void)done(fd);
	return n < 0 ? -1 : 0;
}

static int do_open_write(char **arg)
{
	return done(open(arg[0], O_WRONLY | O_CLOEXEC));
}

static int do_open(char **arg)
{
	return done(open(arg[0], O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static int do_append(char **arg)
{
	return done(open(arg[0], O_WRONLY | O_APPEND | O_CLOEXEC));
}

static int do_create(char **arg)
{
	return done(
		open(arg[0], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

static int do_unlink(char **arg)
{
	return unlink(arg[0]);
}

static int do_rename(char **arg)
{
	return rename(arg[0], arg[1]);
}

static int do_mkdir(char **arg)
{
	return mkdir(arg[0], 0700);
}

static int do_rmdir(char **arg)
{
	return rmdir(arg[0]);
}

static int do_symlink(char **arg)
{
	return symlink(arg[0], arg[1]);
}

static int do_chmod(char **arg)
{
	return chmod(arg[0], 0640);
}

static int do_chown(char **arg)
{
	return chown(arg[0], 33, 33);
}

static int do_list(char **arg)
{
	DIR *d = opendir(arg[0]);
	int r = d && (readdir(d) || errno == 0) ? 0 : -1;

	if (d)
		closedir(d);
	return r;
}

static int do_label(char **arg)
{
	return setxattr(arg[1], "security.selinux", arg[0], strlen(arg[0]) + 1,
			0);
}

static int do_mknod(char **arg)
{
	return mknod(arg[0], S_IFBLK | 0600, makedev(259, 0));
}

/* A node for a character device, of these numbers. */
static int do_mknod_char(char **arg)
{
	return mknod(
		arg[0], S_IFCHR | 0600,
		makedev((unsigned)number(arg[1]), (unsigned)number(arg[2])));
}

/* The outcome of a child that did @work and left with errno. */
static int in_child(operation work, char **arg)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0)
		_exit(work(arg) < 0 ? errno : 0);
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static int exec_now(char **arg)
{
	return execl(arg[0], arg[0], "true", (char *)NULL);
}

static int do_exec(char **arg)
{
	return in_child(exec_now, arg);
}

static int nothing(char **arg)
{
	(void)arg;
	return 0;
}

static int do_fork(char **arg)
{
	return in_child(nothing, arg);
}

static int loopback(const char *port, int type, int *fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	*fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	a.sin_port = htons((uint16_t)number(port));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return *fd < 0 ? -1 : bind(*fd, (void *)&a, sizeof(a));
}

static int do_bind(char **arg)
{
	int fd, r = loopback(arg[0], SOCK_STREAM, &fd);

	(void)done(fd);
	return r;
}

static int do_bind_udp(char **arg)
{
	int fd, r = loopback(arg[0], SOCK_DGRAM, &fd);

	(void)done(fd);
	return r;
}

static int do_listen(char **arg)
{
	int fd, r = loopback(arg[0], SOCK_STREAM, &fd);

	if (r == 0)
		r = listen(fd, 1);
	(void)done(fd);
	return r;
}

/* Listen until killed, and say when others may come. */
static int do_serve(char **arg)
{
	int fd;

	if (loopback(arg[0], SOCK_STREAM, &fd) < 0 || listen(fd, 8) < 0)
		return -1;
	puts("ready");
	for (;;)
		(void)done(accept(fd, NULL, NULL));
}

/* Being refused by the other side means that the kernel let us try. */
static int do_connect(char **arg)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	a.sin_port = htons((uint16_t)number(arg[0]));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r = fd < 0 ? -1 : connect(fd, (void *)&a, sizeof(a));
	(void)done(fd);
	return r < 0 && errno == ECONNREFUSED ? 0 : r;
}

/* The same, but somebody must be there. */
static int do_talk(char **arg)
{
	errno = 0;
	return do_connect(arg) < 0 || errno ? -1 : 0;
}

static int do_raw_socket(char **arg)
{
	(void)arg;
	return done(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
}

static int do_socket(char **arg)
{
	return done(socket(number(arg[0]), number(arg[1]), number(arg[2])));
}

static int do_connect_udp(char **arg)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r;

	a.sin_port = htons((uint16_t)number(arg[0]));
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r = fd < 0 ? -1 : connect(fd, (void *)&a, sizeof(a));
	(void)done(fd);
	return r;
}

static int do_packet_socket(char **arg)
{
	(void)arg;
	return done(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
}

static int do_netlink(char **arg)
{
	return done(socket(AF_NETLINK, SOCK_RAW, number(arg[0])));
}

static int do_udp_socket(char **arg)
{
	(void)arg;
	return done(socket(AF_INET, SOCK_DGRAM, 0));
}

static int do_socketpair(char **arg)
{
	int s[2];

	(void)arg;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) < 0)
		return -1;
	(void)done(s[1]);
	return done(s[0]);
}

static int do_unix(char **arg)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", arg[0]);
	r = fd < 0 ? -1 : connect(fd, (void *)&a, sizeof(a));
	(void)done(fd);
	return r;
}

/* Listen on a path until killed: an engine's socket, as it were. */
static int do_serve_unix(char **arg)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", arg[0]);
	if (fd < 0 || bind(fd, (void *)&a, sizeof(a)) < 0 || listen(fd, 8) < 0)
		return -1;
	puts("ready");
	for (;;)
		(void)done(accept(fd, NULL, NULL));
}

static int do_memfd(char **arg)
{
	int fd = memfd_create("act", MFD_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, "x", 1);

	(void)arg;
	(void)done(fd);
	return n < 0 ? -1 : 0;
}

static int do_shm(char **arg)
{
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);

	(void)arg;
	return id < 0 ? -1 : shmctl(id, IPC_RMID, NULL);
}

static int do_execmem(char **arg)
{
	void *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	return m == MAP_FAILED ? -1 : 0;
}

static int do_signal(char **arg)
{
	return kill(number(arg[0]), number(arg[1]));
}

static int do_ptrace(char **arg)
{
	return ptrace(PTRACE_SEIZE, number(arg[0]), NULL, NULL) < 0 ? -1 : 0;
}

static int do_setuid(char **arg)
{
	(void)arg;
	return setuid(33);
}

static int do_mount(char **arg)
{
	return mount("none", arg[0], "tmpfs", 0, NULL);
}

static int do_mount_proc(char **arg)
{
	return mount("proc", arg[0], "proc", 0, NULL);
}

/* Make what is mounted read-only writable again. */
static int do_remount(char **arg)
{
	return mount(NULL, arg[0], NULL, MS_REMOUNT | MS_BIND, NULL);
}

static int do_bind_mount(char **arg)
{
	return mount(arg[0], arg[1], NULL, MS_BIND, NULL);
}

static int do_umount(char **arg)
{
	return umount2(arg[0], MNT_DETACH);
}

static int do_chroot(char **arg)
{
	return chroot(arg[0]);
}

static int do_hostname(char **arg)
{
	return sethostname(arg[0], strlen(arg[0]));
}

static int do_module(char **arg)
{
	(void)arg;
	return (int)syscall(SYS_init_module, "", 0, "");
}

static int do_swapon(char **arg)
{
	return swapon(arg[0], 0);
}

static int do_syslog(char **arg)
{
	char c;

	(void)arg;
	return (int)syscall(SYS_syslog, 3, &c, 1);
}

static int do_netns(char **arg)
{
	(void)arg;
	return unshare(CLONE_NEWNET);
}

static int do_mntns(char **arg)
{
	(void)arg;
	return unshare(CLONE_NEWNS);
}

static int do_userns(char **arg)
{
	(void)arg;
	return unshare(CLONE_NEWUSER);
}

static int do_setns(char **arg)
{
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1 : setns(fd, 0);

	(void)done(fd);
	return r;
}

static int do_settime(char **arg)
{
	struct timespec now;

	(void)arg;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	return clock_settime(CLOCK_REALTIME, &now);
}

static int do_bpf(char **arg)
{
	union bpf_attr map;

	(void)arg;
	memset(&map, 0, sizeof(map));
	map.map_type = BPF_MAP_TYPE_ARRAY;
	map.key_size = map.value_size = 4;
	map.max_entries = 1;
	return done((int)syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof(map)));
}

/* Open what lies beside a mounted folder, by the number of its inode: 2 is the
 * root of the whole file system. */
static int do_handle(char **arg)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + 8];
	} h;
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	int32_t root[2] = { 2, 0 };
	int found;

	h.head.handle_bytes = sizeof(root);
	h.head.handle_type = 1;
	memcpy(h.head.f_handle, root, sizeof(root));
	found = fd < 0 ? -1 : open_by_handle_at(fd, &h.head, O_RDONLY);
	(void)done(fd);
	return done(found);
}

/* Type a letter into the terminal that it was started from. */
static int do_type(char **arg)
{
	int fd = open(arg[0], O_RDWR | O_CLOEXEC);
	int r = fd < 0 ? -1 : ioctl(fd, TIOCSTI, "x");

	(void)done(fd);
	return r;
}

/* As a stranger's program may be written that enters the container. */
static int write_again(int process)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/exe", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return done(open(path, O_WRONLY | O_CLOEXEC));
}

/*
 * Wait for an engine to enter the container, and overwrite its program by way
 * of /proc: CVE-2019-5736. @arg: for how many seconds. Not denied, but ETIME,
 * if none came.
 */
static int do_runtime(char **arg)
{
	char path[64], own[256] = "", exe[256];
	time_t end = time(NULL) + number(arg[0]);

	(void)!readlink("/proc/self/exe", own, sizeof(own) - 1);
	while (time(NULL) < end) {
		/* Its number is one of the next. */
		for (int process = 2; process < 64; process++) {
			ssize_t n;

			snprintf(path, sizeof(path), "/proc/%d/exe", process);
			n = readlink(path, exe, sizeof(exe) - 1);
			if (n < 0 && errno == EACCES)
				return -1;
			if (n < 0)
				continue;
			exe[n] = 0;
			if (strcmp(exe, own) != 0 && strstr(exe, "crun"))
				return write_again(process);
		}
	}
	errno = ETIME;
	return -1;
}

/* Become CONTEXT ("current"), or have the next program be it ("exec"). */
static int do_become(char **arg)
{
	char path[64];
	int fd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/attr/%s", arg[0]);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : write(fd, arg[1], strlen(arg[1]));
	(void)done(fd);
	return n < 0 ? -1 : 0;
}

static const struct row operations[] = {
	{ "append", 1, do_append },
	{ "become", 2, do_become },
	{ "bind", 1, do_bind },
	{ "bind-mount", 2, do_bind_mount },
	{ "bind-udp", 1, do_bind_udp },
	{ "bpf", 0, do_bpf },
	{ "chmod", 1, do_chmod },
	{ "chown", 1, do_chown },
	{ "chroot", 1, do_chroot },
	{ "connect", 1, do_connect },
	{ "connect-udp", 1, do_connect_udp },
	{ "create", 1, do_create },
	{ "exec", 1, do_exec },
	{ "execmem", 0, do_execmem },
	{ "fork", 0, do_fork },
	{ "handle", 1, do_handle },
	{ "hostname", 1, do_hostname },
	{ "label", 2, do_label },
	{ "list", 1, do_list },
	{ "listen", 1, do_listen },
	{ "memfd", 0, do_memfd },
	{ "mkdir", 1, do_mkdir },
	{ "mknod", 1, do_mknod },
	{ "mknod-char", 3, do_mknod_char },
	{ "mntns", 0, do_mntns },
	{ "module", 0, do_module },
	{ "mount", 1, do_mount },
	{ "mount-proc", 1, do_mount_proc },
	{ "netlink", 1, do_netlink },
	{ "netns", 0, do_netns },
	{ "open", 1, do_open },
	{ "open-write", 1, do_open_write },
	{ "packet-socket", 0, do_packet_socket },
	{ "ptrace", 1, do_ptrace },
	{ "raw-socket", 0, do_raw_socket },
	{ "read", 1, do_read },
	{ "remount", 1, do_remount },
	{ "rename", 2, do_rename },
	{ "rmdir", 1, do_rmdir },
	{ "runtime", 1, do_runtime },
	{ "serve", 1, do_serve },
	{ "serve-unix", 1, do_serve_unix },
	{ "setns", 1, do_setns },
	{ "settime", 0, do_settime },
	{ "setuid", 0, do_setuid },
	{ "shm", 0, do_shm },
	{ "signal", 2, do_signal },
	{ "socket", 3, do_socket },
	{ "socketpair", 0, do_socketpair },
	{ "swapon", 1, do_swapon },
	{ "symlink", 2, do_symlink },
	{ "syslog", 0, do_syslog },
	{ "talk", 1, do_talk },
	{ "type", 1, do_type },
	{ "udp-socket", 0, do_udp_socket },
	{ "umount", 1, do_umount },
	{ "unix", 1, do_unix },
	{ "unlink", 1, do_unlink },
	{ "userns", 0, do_userns },
	{ "write", 1, do_write },
};

enum { N_OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

static operation find(const char *name, size_t arguments)
{
	for (size_t i = 0; i < N_OPERATIONS; i++)
		if (strcmp(name, operations[i].name) == 0 &&
		    arguments == operations[i].arguments)
			return operations[i].run;
	for (const struct row *row = rare_operations; row->name; row++)
		if (strcmp(name, row->name) == 0 && arguments == row->arguments)
			return row->run;
	return NULL;
}

/* "my%20file" is "my file". */
static void decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		char digits[3] = { 0 };

		*to = *from++;
		if (*to == '%' && isxdigit((unsigned char)from[0]) &&
		    isxdigit((unsigned char)from[1])) {
			memcpy(digits, from, 2);
			*to = (char)strtoul(digits, NULL, 16);
			from += 2;
		}
	}
	*to = 0;
}

/* Do what @words say: in a child, so that nothing of it stays. */
static int act(size_t n, char **words)
{
	glob_t arg = { 0 };
	operation run;
	int r = 0;

	for (size_t i = 2; i < n && r == 0; i++) {
		decode(words[i]);
		r = glob(words[i], GLOB_NOCHECK | (i > 2 ? GLOB_APPEND : 0),
			 NULL, &arg);
	}
	run = r == 0 ? find(words[1], arg.gl_pathc) : NULL;
	if (!run) {
		fprintf(stderr, "act: no operation '%s' of %zu arguments\n",
			words[1], n - 2);
		return -1;
	}
	/* The name as it was given: the reader's lines stay lines. */
	printf("%s ", words[0]);
	decode(words[0]);
	(void)prctl(PR_SET_NAME, words[0]);
	if (in_child(run, arg.gl_pathv) == 0)
		puts("allowed");
	else if (errno == EACCES || errno == EPERM)
		puts("denied");
	else
		puts(strerror(errno));
	globfree(&arg);
	return 0;
}

/* Split @line into at most @max words, and count them. */
static size_t split(char *line, char **words, size_t max)
{
	size_t n = 0;
	char *word;

	while (n < max && (word = strsep(&line, " \t\n")))
		if (*word)
			words[n++] = word;
	return n;
}

int main(int argc, char **argv)
{
	char line[9000], *words[8];

	/* What do_exec starts: this program, to end at once. */
	if (argc == 2 && strcmp(argv[1], "true") == 0)
		return 0;
	/* What a child does not print twice. */
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 2)
		return act((size_t)argc - 1, argv + 1) < 0 ? 2 : 0;
	while (fgets(line, sizeof(line), stdin)) {
		size_t n = split(line, words, 8);

		if (n < 2 || act(n, words) < 0)
			return 2;
	}
	return 0;
}
