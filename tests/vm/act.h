/*
 * act.h - what act can do: one row for each operation.
 */
#ifndef SC_TESTS_VM_ACT_H
#define SC_TESTS_VM_ACT_H

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/* It gets its arguments, as many as its row says: 0, or -1 and errno. */
typedef int (*operation)(char **arg);

struct row {
	const char *name;
	size_t arguments;
	operation run;
};

/* Memory, keys, queues, messages of netlink: what ends with a NULL name. */
extern const struct row rare_operations[];

/* Close @fd, with errno left as it was; 0 if there was one. */
static inline int done(int fd)
{
	int e = errno;

	if (fd < 0)
		return -1;
	close(fd);
	errno = e;
	return 0;
}

#endif
