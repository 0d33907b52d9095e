/*
 * act.h - what act can do: one row for each operation.
 */
#ifndef SC_TESTS_VM_ACT_H
#define SC_TESTS_VM_ACT_H

#include <stddef.h>

/* It gets its arguments, as many as its row says: 0, or -1 and errno. */
typedef int (*operation)(char **arg);

struct row {
	const char *name;
	size_t arguments;
	operation run;
};

/* Memory, keys, queues, messages of netlink: what ends with a NULL name. */
extern const struct row rare_operations[];

#endif
