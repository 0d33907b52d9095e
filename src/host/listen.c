#include "host/listen.h"

#include "base/clean.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>

#define ROOM ((size_t)16 << 20)
#define RECORDS 512 /* in one go, so that others get their turn */
#define ANSWER_MS 500

static int fail_open(struct sc_error *err)
{
	int why = errno;

	(void)sc_fail_os(err, "cannot hear the kernel's audit records");
	if (why != EPERM && why != EACCES)
		return err->code;
	return sc_fail(err, SC_ESYSTEM,
		       "cannot hear the kernel's audit records: that needs "
		       "root (CAP_AUDIT_READ) and a domain that may "
		       "(capability2 audit_read)");
}

int sc_listen_open(size_t room, struct sc_listen *out, struct sc_error *err)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK,
				     .nl_groups =
					     1 << (AUDIT_NLGRP_READLOG - 1) };
	int bytes = (int)(room && room <= INT32_MAX ? room : ROOM);
	SC_CLEAN(close_p)
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_AUDIT);

	/* Before it joins: what comes then must find room. */
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
				  sizeof(bytes)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes,
				 sizeof(bytes));
	if (fd < 0 || bind(fd, (void *)&group, sizeof(group)) < 0)
		return fail_open(err);
	*out = (struct sc_listen){ .fd = SC_TAKE_FD(fd) };
	return 0;
}

void sc_listen_fd(int fd, struct sc_listen *out)
{
	*out = (struct sc_listen){ .fd = fd, .given = true };
}

void sc_listen_close(struct sc_listen *l)
{
	close_p(&l->fd);
	l->fd = -1;
	sc_buf_free(&l->lines);
}

/* Only the kernel's: who may send to this socket is root, and yet no kernel. */
static bool is_trusted(const struct sc_listen *l, const struct msghdr *m,
		       const struct sockaddr_nl *from)
{
	return l->given || (m->msg_namelen == sizeof(*from) &&
			    from->nl_family == AF_NETLINK && from->nl_pid == 0);
}

/* One datagram. 1: there was one; 0: there is none now. */
static int take(struct sc_listen *l, struct sc_error *err)
{
	/* as long as the longest message, and the zeros that fill it up */
	char bytes[SC_NETLINK_MESSAGE_MAX + NLMSG_ALIGNTO];
	struct sockaddr_nl from = { 0 };
	struct iovec part = { bytes, SC_NETLINK_MESSAGE_MAX };
	struct msghdr m = { .msg_name = &from,
			    .msg_namelen = sizeof(from),
			    .msg_iov = &part,
			    .msg_iovlen = 1 };
	ssize_t n = recvmsg(l->fd, &m, MSG_DONTWAIT);
	struct sc_str in = { bytes, 0 };

	if (n < 0 && errno == ENOBUFS) {
		l->counts.lost++;
		return 1;
	}
	if (n < 0 && errno == EINTR)
		return 1;
	if (n < 0)
		return errno == EAGAIN
			       ? 0
			       : sc_fail_os(err,
					    "cannot hear the kernel any more");
	if (n == 0)
		return 0;
	if (!is_trusted(l, &m, &from))
		return 1;
	memset(bytes + n, 0, NLMSG_ALIGNTO);
	in.n = NLMSG_ALIGN((size_t)n);
	if (m.msg_flags & MSG_TRUNC ||
	    !sc_netlink_take(&in, &l->lines, &l->counts) || in.n)
		l->counts.bad++;
	return 1;
}

int sc_listen_next(struct sc_listen *l, struct sc_str *lines,
		   struct sc_error *err)
{
	int r = 1;

	l->lines.n = 0;
	for (int i = 0; r > 0 && i < RECORDS; i++)
		r = take(l, err);
	if (r < 0)
		return r;
	if (l->lines.failed)
		return sc_no_memory(err);
	*lines = (struct sc_str){ l->lines.s, l->lines.n };
	return r > 0 || lines->n;
}

/* The kernel's answer to AUDIT_GET. */
static bool take_answer(int fd, uint32_t *out)
{
	struct {
		struct nlmsghdr head;
		char body[1024];
	} in;
	struct audit_status status;
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ANSWER_MS) != 1)
		return false;
	n = recvfrom(fd, &in, sizeof(in), MSG_DONTWAIT, (void *)&from, &size);
	if (n < (ssize_t)(NLMSG_HDRLEN +
			  offsetof(struct audit_status, backlog)) ||
	    from.nl_pid != 0 || in.head.nlmsg_type != AUDIT_GET)
		return false;
	/* older kernels have fewer fields behind .lost */
	memcpy(&status, in.body, offsetof(struct audit_status, backlog));
	*out = status.lost;
	return true;
}

bool sc_listen_given_up(uint32_t *out)
{
	struct nlmsghdr ask = { .nlmsg_len = NLMSG_HDRLEN,
				.nlmsg_type = AUDIT_GET,
				.nlmsg_flags = NLM_F_REQUEST };
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	SC_CLEAN(close_p)
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	return fd >= 0 &&
	       sendto(fd, &ask, sizeof(ask), MSG_DONTWAIT, (void *)&kernel,
		      sizeof(kernel)) == sizeof(ask) &&
	       take_answer(fd, out);
}
