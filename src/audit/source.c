#include "audit/source.h"

#include "base/clean.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#define BLOCK ((size_t)128 * 1024)
#define AHEAD_MIN ((off_t)4 << 20) /* bytes of a file worth a thread */
#define BLOCKS 16                  /* one in use, the others made before */
#define BATCH (BLOCKS / 2)         /* worth waking somebody for */
#define LOOK_US 500                /* before going to sleep */
#define NAP_US 50
#define PIPE_BYTES (1 << 20) /* what anybody may ask for: pipe(7) */

struct sc_source {
	struct sc_reader reader; /* the thread's own, once that runs */
	int fd;                  /* -1: .reader.from is the caller's */
	int wake;                /* an eventfd(2) that ends a wait for .fd */
	bool ahead;              /* a thread may make the blocks */
	cpu_set_t cpus;          /* with .ahead: where we may run */
	uint64_t batch;          /* blocks that are waited for */
	struct sc_block blocks[BLOCKS];
	struct sc_block *current; /* NULL: none was given */

	/* Blocks are counted from 0, and number i is in blocks[i % BLOCKS]. The
	 * thread makes those from .made on, below .used + BLOCKS, which nobody
	 * else looks at; .lock holds for these five. Who finds nothing to do
	 * looks again for a while, and then sleeps until there is a batch: to
	 * wake somebody for each block costs more than it brings. */
	_Atomic uint64_t made;
	_Atomic uint64_t used; /* those before it are no longer needed */
	uint64_t wanted;       /* .made shall become */
	bool ended;            /* .made will not grow */
	bool stop;
	uint64_t given;
	bool has_thread;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

static long read_fd(void *from, char *to, size_t n)
{
	ssize_t got;

	do {
		got = read(*(int *)from, to, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* The same in the thread, which may have to end while it waits for a pipe. */
static long read_ahead(void *source, char *to, size_t n)
{
	struct sc_source *s = source;
	struct pollfd p[] = { { .fd = s->fd, .events = POLLIN },
			      { .fd = s->wake, .events = POLLIN } };

	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return -1;
	return p[1].revents ? 0 : read_fd(&s->fd, to, n);
}

int sc_source_from(sc_read_fn *read, void *from, size_t block,
		   struct sc_source **out, struct sc_error *err)
{
	struct sc_source *s = calloc(1, sizeof(*s));

	if (!s)
		return sc_no_memory(err);
	s->reader.read = read;
	s->reader.from = from;
	s->reader.size = block ? block : BLOCK;
	s->reader.live = -1;
	s->fd = s->wake = -1;
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->changed, NULL);
	*out = s;
	return 0;
}

/* Is it worth a thread, and is there a processor for one? */
static void plan_ahead(struct sc_source *s)
{
	struct stat st;
	bool pipe;

	if (fstat(s->fd, &st) < 0)
		return;
	pipe = S_ISFIFO(st.st_mode);
	if (pipe)
		(void)fcntl(s->fd, F_SETPIPE_SZ, PIPE_BYTES);
	/* what comes slowly is not kept back */
	s->batch = pipe ? 1 : BATCH;
	s->ahead = (pipe || (S_ISREG(st.st_mode) && st.st_size >= AHEAD_MIN)) &&
		   sched_getaffinity(0, sizeof(s->cpus), &s->cpus) == 0 &&
		   CPU_COUNT(&s->cpus) > 1;
}

int sc_source_open(int fd, struct sc_source **out, struct sc_error *err)
{
	SC_CLEAN(close_p) int owned = fd;
	int r = sc_source_from(read_fd, NULL, 0, out, err);

	if (r < 0)
		return r;
	(*out)->fd = SC_TAKE_FD(owned);
	(*out)->reader.from = &(*out)->fd;
	plan_ahead(*out);
	return 0;
}

/* Release .lock, and then wake the other side, which needs it at once. */
static void unlock(struct sc_source *s, bool wake)
{
	(void)pthread_mutex_unlock(&s->lock);
	if (wake)
		(void)pthread_cond_signal(&s->changed);
}

static void stop_thread(struct sc_source *s)
{
	if (!s->has_thread)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->stop = true;
	unlock(s, true);
	(void)eventfd_write(s->wake, 1);
	(void)pthread_join(s->thread, NULL);
}

void sc_source_close(struct sc_source *s)
{
	stop_thread(s);
	close_p(&s->fd);
	close_p(&s->wake);
	if (s->reader.unpack)
		sc_unpack_free(s->reader.unpack);
	for (size_t i = 0; i < BLOCKS; i++)
		free(s->blocks[i].bytes);
	(void)pthread_cond_destroy(&s->changed);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

void sc_source_close_p(struct sc_source **s)
{
	if (*s)
		sc_source_close(*s);
}

void sc_source_leave_part(struct sc_source *s)
{
	s->reader.leave_part = true;
}

void sc_source_live(struct sc_source *s)
{
	struct stat st;

	if (s->fd >= 0 && fstat(s->fd, &st) == 0 && !S_ISREG(st.st_mode))
		s->reader.live = s->fd;
	s->ahead = s->ahead && s->reader.live < 0;
}

uint64_t sc_source_position(const struct sc_source *s)
{
	return s->current ? s->current->position : 0;
}

uint64_t sc_source_long_lines(const struct sc_source *s)
{
	return s->current ? s->current->long_lines : 0;
}

size_t sc_source_quiet(const struct sc_source *s, const struct sc_quiet **out)
{
	*out = s->current ? s->current->quiet : NULL;
	return s->current ? s->current->n_quiet : 0;
}

/* Make block number @i; false if it is the last. */
static bool make(struct sc_source *s, uint64_t i)
{
	struct sc_block *b = &s->blocks[i % BLOCKS];

	sc_block_make(&s->reader, i ? &s->blocks[(i - 1) % BLOCKS] : NULL, b);
	return b->result > 0;
}

/* Until @at is no longer @stay, or for a while. Who is woken is often woken on
 * the very processor of the other thread, and then both share it; who naps
 * wakes where it was. */
static void linger(const _Atomic uint64_t *at, uint64_t stay, bool nap)
{
	static const struct timespec a_nap = { .tv_nsec = NAP_US * 1000L };
	uint64_t from = *at == stay ? sc_clock_us() : 0;

	while (*at == stay && sc_clock_us() - from < LOOK_US) {
		if (nap)
			(void)nanosleep(&a_nap, NULL);
		else
			(void)sched_yield();
	}
}

/* There is room for block number @i, and somebody wants it, who has @left to
 * read before it. */
static bool wait_for_room(struct sc_source *s, uint64_t i, uint64_t *left)
{
	bool stop;

	linger(&s->used, i - BLOCKS, true);
	(void)pthread_mutex_lock(&s->lock);
	if (i == s->used + BLOCKS)
		while (i + BATCH > s->used + BLOCKS && !s->stop)
			(void)pthread_cond_wait(&s->changed, &s->lock);
	stop = s->stop;
	*left = i - s->used;
	unlock(s, false);
	return !stop;
}

static void *make_ahead(void *source)
{
	struct sc_source *s = source;
	bool more = true;
	uint64_t left;

	(void)sched_setaffinity(0, sizeof(s->cpus), &s->cpus);
	s->reader.read = read_ahead;
	s->reader.from = s;
	for (uint64_t i = 0; more && wait_for_room(s, i, &left); i++) {
		more = make(s, i);
		if (more && left >= BATCH)
			sc_block_skim(&s->blocks[i % BLOCKS]);
		(void)pthread_mutex_lock(&s->lock);
		s->made++;
		s->ended = !more;
		unlock(s, s->ended || s->made >= s->wanted);
	}
	return NULL;
}

/* It begins on another processor than ours, and may run anywhere then. */
static bool start_thread(struct sc_source *s)
{
	cpu_set_t others = s->cpus;
	int cpu = sched_getcpu();
	pthread_attr_t attr;
	bool started;

	if (cpu >= 0)
		CPU_CLR((size_t)cpu, &others);
	s->wake = eventfd(0, EFD_CLOEXEC);
	if (s->wake < 0 || pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setaffinity_np(&attr, sizeof(others), &others);
	started = pthread_create(&s->thread, &attr, make_ahead, s) == 0;
	(void)pthread_attr_destroy(&attr);
	return started;
}

/* The block after those that were given, made by whoever makes them. */
static struct sc_block *take(struct sc_source *s)
{
	if (!s->given && s->ahead)
		s->has_thread = start_thread(s);
	if (!s->has_thread) {
		(void)make(s, s->given);
	} else {
		linger(&s->made, s->given, false);
		(void)pthread_mutex_lock(&s->lock);
		if (s->made == s->given)
			s->wanted = s->given + s->batch;
		while (s->made < s->wanted && !s->ended)
			(void)pthread_cond_wait(&s->changed, &s->lock);
		unlock(s, false);
	}
	return &s->blocks[s->given++ % BLOCKS];
}

/* All blocks before the one that is given now are no longer needed. */
static void release(struct sc_source *s)
{
	if (!s->has_thread)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->used = s->given - 1;
	unlock(s, s->made + BATCH <= s->used + BLOCKS);
}

int sc_source_next(struct sc_source *s, size_t keep, struct sc_str *lines,
		   struct sc_error *err)
{
	struct sc_block *before = s->current, *b = before;

	if (!before || before->result > 0) {
		b = take(s);
		if (keep && before && b->result > 0)
			memcpy(b->bytes + SC_KEEP_MAX - keep,
			       before->bytes + before->end - keep, keep);
		s->current = b;
		release(s);
		if (b->result > 0)
			sc_block_skim(b);
	}
	if (b->result < 0)
		*err = b->err;
	if (b->result > 0)
		*lines = (struct sc_str){ b->bytes + SC_KEEP_MAX,
					  b->end - SC_KEEP_MAX };
	return b->result;
}
