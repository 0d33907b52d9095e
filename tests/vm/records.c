/*
 * records [--stream [--room BYTES]] FILE: append the kernel's audit records to
 * FILE, each as auditd would write it, or as the kernel sends it, until killed.
 * Joins the multicast group that journald reads, so no auditd is needed; says
 * "ready" once nothing can be missed any more. With few BYTES the kernel has to
 * drop some when they come too fast.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ROOM (64 << 20)

/* What auditd calls the records that a denial brings along. */
static const struct {
	int type;
	const char *name;
} names[] = {
	{ AUDIT_SYSCALL, "SYSCALL" },
	{ AUDIT_PATH, "PATH" },
	{ AUDIT_IPC, "IPC" },
	{ AUDIT_SOCKETCALL, "SOCKETCALL" },
	{ AUDIT_CONFIG_CHANGE, "CONFIG_CHANGE" },
	{ AUDIT_SOCKADDR, "SOCKADDR" },
	{ AUDIT_CWD, "CWD" },
	{ AUDIT_EXECVE, "EXECVE" },
	{ AUDIT_OBJ_PID, "OBJ_PID" },
	{ AUDIT_MMAP, "MMAP" },
	{ AUDIT_KERN_MODULE, "KERN_MODULE" },
	{ AUDIT_PROCTITLE, "PROCTITLE" },
	{ AUDIT_AVC, "AVC" },
	{ AUDIT_SELINUX_ERR, "SELINUX_ERR" },
	{ AUDIT_MAC_POLICY_LOAD, "MAC_POLICY_LOAD" },
	{ AUDIT_MAC_STATUS, "MAC_STATUS" },
	{ AUDIT_USER_AVC, "USER_AVC" },
};

static int join(int room)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK,
				     .nl_groups =
					     1 << (AUDIT_NLGRP_READLOG - 1) };
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (s < 0 ||
	    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		return -1;
	return bind(s, (void *)&group, sizeof(group)) < 0 ? -1 : s;
}

/* auditd does not write the record that ends an event either. */
static int put(int out, int type, int len, const char *text)
{
	const char *name = NULL;

	if (type == AUDIT_EOE)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			name = names[i].name;
	if (name)
		return dprintf(out, "type=%s msg=%.*s\n", name, len, text);
	return dprintf(out, "type=UNKNOWN[%d] msg=%.*s\n", type, len, text);
}

/* As it came, filled up to four bytes. */
static int put_message(int out, struct nlmsghdr *head, size_t n)
{
	static const char zeros[NLMSG_ALIGNTO];
	size_t more = NLMSG_ALIGN(n) - n;

	if (head->nlmsg_len != n)
		fprintf(stderr, "records: %zu bytes say that they are %u\n", n,
			head->nlmsg_len);
	head->nlmsg_len = (unsigned)n;
	return write(out, head, n) == (ssize_t)n &&
			       write(out, zeros, more) == (ssize_t)more
		       ? 0
		       : -1;
}

static int put_loss(int out, bool stream)
{
	struct nlmsghdr head = { .nlmsg_type = NLMSG_OVERRUN };

	return stream ? put_message(out, &head, sizeof(head))
		      : dprintf(out, "# records were lost\n");
}

int main(int argc, char **argv)
{
	bool stream = argc > 2 && strcmp(argv[1], "--stream") == 0;
	bool small = argc == 5 && strcmp(argv[2], "--room") == 0;
	static union {
		struct nlmsghdr head;
		char bytes[65536];
	} in;
	int s, out;

	if (argc != 2 + stream + 2 * small || (small && !stream)) {
		fputs("usage: records [--stream [--room BYTES]] FILE\n",
		      stderr);
		return 2;
	}
	out = open(argv[argc - 1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		   0600);
	s = join(small ? (int)strtol(argv[3], NULL, 10) : ROOM);
	if (out < 0 || s < 0) {
		fprintf(stderr, "records: %s\n", strerror(errno));
		return 2;
	}
	puts("ready");
	fclose(stdout);
	for (;;) {
		ssize_t n = recv(s, &in, sizeof(in), 0);

		if (n < 0 && errno == ENOBUFS && put_loss(out, stream) < 0)
			return 2;
		if (n < (ssize_t)NLMSG_HDRLEN)
			continue;
		if (stream ? put_message(out, &in.head, (size_t)n) < 0
			   : put(out, in.head.nlmsg_type, (int)n - NLMSG_HDRLEN,
				 in.bytes + NLMSG_HDRLEN) < 0)
			return 2;
	}
}
