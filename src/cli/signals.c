#include "cli/signals.h"

#include "base/clean.h"

#include <sys/signalfd.h>

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static bool is_ignored(int signal)
{
	struct sigaction now;

	return sigaction(signal, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

int sc_signals_open(struct sc_signals *out, struct sc_error *err)
{
	SC_CLEAN(close_p) int fd = -1;
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!is_ignored(ends[i]))
			(void)sigaddset(&set, ends[i]);
	if (!is_ignored(SIGTSTP))
		(void)sigaddset(&set, SIGTSTP);
	(void)sigaddset(&set, SIGCONT);
	(void)sigaddset(&set, SIGWINCH);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0 || sigprocmask(SIG_BLOCK, &set, &out->before) < 0)
		return sc_fail_os(err, "cannot catch signals");
	out->fd = SC_TAKE_FD(fd);
	return 0;
}

void sc_signals_close(struct sc_signals *s)
{
	if (s->fd < 0)
		return;
	close(s->fd);
	s->fd = -1;
	(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
}

struct sc_signalled sc_signals_take(struct sc_signals *s)
{
	struct sc_signalled out = { 0 };
	struct signalfd_siginfo in;

	while (s->fd >= 0 && read(s->fd, &in, sizeof(in)) == sizeof(in)) {
		for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
			out.end |= (int)in.ssi_signo == ends[i];
		out.stop |= in.ssi_signo == SIGTSTP;
		out.back |= in.ssi_signo == SIGCONT;
		out.size |= in.ssi_signo == SIGWINCH;
	}
	return out;
}

void sc_signals_stop(struct sc_signals *s)
{
	sigset_t set;

	(void)s;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTSTP);
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
}
