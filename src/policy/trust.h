/* trust.h - policies that need no trial: the kernel's and root's own. */
#ifndef SC_POLICY_TRUST_H
#define SC_POLICY_TRUST_H

#include <stdbool.h>

/*
 * Does @fd, a file open for reading, hold what nobody but root can have put
 * there: the kernel's copy of its policy, or a file in /etc/selinux that only
 * root can write, as every folder on the way to it?
 */
bool sc_policy_is_trusted(int fd);

#endif
