/* act_rare.c - operations that few programs need, and the kernel has checks
 * for. */
#include "act.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <mqueue.h>
#include <sched.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PAGE = 4096 };

static int mapped(void *m)
{
	return m == MAP_FAILED ? -1 : 0;
}

/* ---- files */

static int do_ioctl(char **arg)
{
	char room[256] = "";
	int fd = open(arg[0], O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	int r = fd < 0 ? -1 : ioctl(fd, strtoul(arg[1], NULL, 0), room);

	(void)done(fd);
	return r;
}

static int do_lock(char **arg)
{
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1 : flock(fd, LOCK_SH);

	(void)done(fd);
	return r;
}

static int do_link(char **arg)
{
	return link(arg[0], arg[1]);
}

static int do_readlink(char **arg)
{
	char to[256];

	return readlink(arg[0], to, sizeof(to)) < 0 ? -1 : 0;
}

static int do_fifo(char **arg)
{
	return mkfifo(arg[0], 0600);
}

static int do_truncate(char **arg)
{
	return truncate(arg[0], 0);
}

static int do_stat(char **arg)
{
	struct stat st;

	return stat(arg[0], &st);
}

static int do_attribute(char **arg)
{
	return setxattr(arg[0], "user.note", "x", 1, 0);
}

static int do_watch(char **arg)
{
	int fd = inotify_init1(IN_CLOEXEC);
	int r = inotify_add_watch(fd, arg[0], IN_ALL_EVENTS);

	(void)done(fd);
	return r < 0 ? -1 : 0;
}

static int do_watch_all(char **arg)
{
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_CLOEXEC, O_RDONLY);
	int r = fd < 0 ? -1
		       : fanotify_mark(fd, FAN_MARK_ADD, FAN_ACCESS, AT_FDCWD,
				       arg[0]);

	(void)done(fd);
	return r;
}

static int do_map_exec(char **arg)
{
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1
		       : mapped(mmap(NULL, PAGE, PROT_READ | PROT_EXEC,
				     MAP_PRIVATE, fd, 0));

	(void)done(fd);
	return r;
}

/* Run a page of a file that it changed in memory. */
static int do_execmod(char **arg)
{
	int fd = open(arg[0], O_RDONLY | O_CLOEXEC);
	char *m = fd < 0 ? MAP_FAILED
			 : mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
				fd, 0);

	(void)done(fd);
	if (m == MAP_FAILED)
		return -1;
	*(volatile char *)m = 0;
	return mprotect(m, PAGE, PROT_READ | PROT_EXEC);
}

/* ---- memory and processes */

static int do_execheap(char **arg)
{
	uintptr_t heap = ((uintptr_t)sbrk(2L * PAGE) + PAGE - 1) &
			 ~(uintptr_t)(PAGE - 1);

	(void)arg;
	return mprotect((void *)heap, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int do_execstack(char **arg)
{
	char here;
	uintptr_t stack = (uintptr_t)&here & ~(uintptr_t)(PAGE - 1);

	(void)arg;
	return mprotect((void *)stack, PAGE,
			PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int do_map_zero(char **arg)
{
	(void)arg;
	return mapped(mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
}

static int do_nice(char **arg)
{
	return setpriority(PRIO_PROCESS, (id_t)strtoul(arg[0], NULL, 10), -5);
}

static int do_limit(char **arg)
{
	struct rlimit more = { 1 << 20, 1 << 20 };

	(void)arg;
	return setrlimit(RLIMIT_NOFILE, &more);
}

static int do_drop_caps(char **arg)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
						 0 };
	struct __user_cap_data_struct none[2] = { { 0 } };

	(void)arg;
	return (int)syscall(SYS_capset, &head, none);
}

/* Start a program, of another domain, after giving up new privileges. */
static int do_exec_nnp(char **arg)
{
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return execl(arg[0], arg[0], "true", (char *)NULL);
}

static int do_alarm(char **arg)
{
	(void)arg;
	return done(timerfd_create(CLOCK_REALTIME_ALARM, TFD_CLOEXEC));
}

static int do_perf(char **arg)
{
	struct perf_event_attr all = { .size = sizeof(all),
				       .type = PERF_TYPE_SOFTWARE };

	(void)arg;
	return done((int)syscall(SYS_perf_event_open, &all, 0, -1, -1, 0));
}

static int do_ring(char **arg)
{
	struct io_uring_params poll = { .flags = IORING_SETUP_SQPOLL };

	(void)arg;
	return done((int)syscall(SYS_io_uring_setup, 4, &poll));
}

static int do_faults(char **arg)
{
	(void)arg;
	return done((int)syscall(SYS_userfaultfd, O_CLOEXEC));
}

/* Be root in a user namespace of its own, and mount. */
static int do_userns_mount(char **arg)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0
		       ? -1
		       : mount("none", arg[0], "tmpfs", 0, NULL);
}

/* ---- keys and queues */

static int do_key(char **arg)
{
	return syscall(SYS_add_key, "user", arg[0], "data", 4,
		       KEY_SPEC_SESSION_KEYRING) < 0
		       ? -1
		       : 0;
}

static int do_keyring(char **arg)
{
	return syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, arg[0]) < 0 ? -1
									    : 0;
}

static int do_semaphore(char **arg)
{
	int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);

	(void)arg;
	return id < 0 ? -1 : semctl(id, 0, IPC_RMID);
}

static int do_queue(char **arg)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);

	(void)arg;
	return id < 0 ? -1 : msgctl(id, IPC_RMID, NULL);
}

static int do_named_queue(char **arg)
{
	mqd_t q = mq_open(arg[0], O_CREAT | O_RDWR, 0600, NULL);

	return q < 0 ? -1 : mq_close(q);
}

/* ---- netlink */

static int tell(int family, int type, const void *body, size_t n)
{
	alignas(struct nlmsghdr) char bytes[8192] = "";
	struct nlmsghdr *head = (void *)bytes;
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, family);
	ssize_t sent;

	head->nlmsg_len = (uint32_t)NLMSG_LENGTH(n);
	head->nlmsg_type = (uint16_t)type;
	head->nlmsg_flags = NLM_F_REQUEST;
	memcpy(NLMSG_DATA(head), body, n);
	sent = s < 0 ? -1 : send(s, bytes, head->nlmsg_len, 0);
	(void)done(s);
	return sent < 0 ? -1 : 0;
}

static int do_route(char **arg)
{
	struct ifinfomsg link = { 0 };

	(void)arg;
	return tell(NETLINK_ROUTE, RTM_SETLINK, &link, sizeof(link));
}

static int do_audit_ask(char **arg)
{
	(void)arg;
	return tell(NETLINK_AUDIT, AUDIT_GET, "", 0);
}

/* Say something under the name of a program that decides for SELinux. */
static int do_audit_say(char **arg)
{
	return tell(NETLINK_AUDIT, AUDIT_USER_AVC, arg[0], strlen(arg[0]) + 1);
}

const struct row rare_operations[] = {
	{ "alarm", 0, do_alarm },
	{ "attribute", 1, do_attribute },
	{ "audit-ask", 0, do_audit_ask },
	{ "audit-say", 1, do_audit_say },
	{ "drop-caps", 0, do_drop_caps },
	{ "exec-nnp", 1, do_exec_nnp },
	{ "execheap", 0, do_execheap },
	{ "execmod", 1, do_execmod },
	{ "execstack", 0, do_execstack },
	{ "faults", 0, do_faults },
	{ "fifo", 1, do_fifo },
	{ "ioctl", 2, do_ioctl },
	{ "key", 1, do_key },
	{ "keyring", 1, do_keyring },
	{ "limit", 0, do_limit },
	{ "link", 2, do_link },
	{ "lock", 1, do_lock },
	{ "map-exec", 1, do_map_exec },
	{ "map-zero", 0, do_map_zero },
	{ "named-queue", 1, do_named_queue },
	{ "nice", 1, do_nice },
	{ "perf", 0, do_perf },
	{ "queue", 0, do_queue },
	{ "readlink", 1, do_readlink },
	{ "ring", 0, do_ring },
	{ "route", 0, do_route },
	{ "semaphore", 0, do_semaphore },
	{ "stat", 1, do_stat },
	{ "truncate", 1, do_truncate },
	{ "userns-mount", 1, do_userns_mount },
	{ "watch", 1, do_watch },
	{ "watch-all", 1, do_watch_all },
	{ NULL, 0, NULL },
};
