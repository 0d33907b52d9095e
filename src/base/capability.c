#include "base/capability.h"

#include <linux/capability.h>

static const struct sc_str capabilities[] = {
	[CAP_CHOWN] = SC_STR("chown"),
	[CAP_DAC_OVERRIDE] = SC_STR("dac_override"),
	[CAP_DAC_READ_SEARCH] = SC_STR("dac_read_search"),
	[CAP_FOWNER] = SC_STR("fowner"),
	[CAP_FSETID] = SC_STR("fsetid"),
	[CAP_KILL] = SC_STR("kill"),
	[CAP_SETGID] = SC_STR("setgid"),
	[CAP_SETUID] = SC_STR("setuid"),
	[CAP_SETPCAP] = SC_STR("setpcap"),
	[CAP_LINUX_IMMUTABLE] = SC_STR("linux_immutable"),
	[CAP_NET_BIND_SERVICE] = SC_STR("net_bind_service"),
	[CAP_NET_BROADCAST] = SC_STR("net_broadcast"),
	[CAP_NET_ADMIN] = SC_STR("net_admin"),
	[CAP_NET_RAW] = SC_STR("net_raw"),
	[CAP_IPC_LOCK] = SC_STR("ipc_lock"),
	[CAP_IPC_OWNER] = SC_STR("ipc_owner"),
	[CAP_SYS_MODULE] = SC_STR("sys_module"),
	[CAP_SYS_RAWIO] = SC_STR("sys_rawio"),
	[CAP_SYS_CHROOT] = SC_STR("sys_chroot"),
	[CAP_SYS_PTRACE] = SC_STR("sys_ptrace"),
	[CAP_SYS_PACCT] = SC_STR("sys_pacct"),
	[CAP_SYS_ADMIN] = SC_STR("sys_admin"),
	[CAP_SYS_BOOT] = SC_STR("sys_boot"),
	[CAP_SYS_NICE] = SC_STR("sys_nice"),
	[CAP_SYS_RESOURCE] = SC_STR("sys_resource"),
	[CAP_SYS_TIME] = SC_STR("sys_time"),
	[CAP_SYS_TTY_CONFIG] = SC_STR("sys_tty_config"),
	[CAP_MKNOD] = SC_STR("mknod"),
	[CAP_LEASE] = SC_STR("lease"),
	[CAP_AUDIT_WRITE] = SC_STR("audit_write"),
	[CAP_AUDIT_CONTROL] = SC_STR("audit_control"),
	[CAP_SETFCAP] = SC_STR("setfcap"),
	[CAP_MAC_OVERRIDE] = SC_STR("mac_override"),
	[CAP_MAC_ADMIN] = SC_STR("mac_admin"),
	[CAP_SYSLOG] = SC_STR("syslog"),
	[CAP_WAKE_ALARM] = SC_STR("wake_alarm"),
	[CAP_BLOCK_SUSPEND] = SC_STR("block_suspend"),
	[CAP_AUDIT_READ] = SC_STR("audit_read"),
	[CAP_PERFMON] = SC_STR("perfmon"),
	[CAP_BPF] = SC_STR("bpf"),
	[CAP_CHECKPOINT_RESTORE] = SC_STR("checkpoint_restore"),
};

_Static_assert(sizeof(capabilities) / sizeof(capabilities[0]) ==
		       SC_CAPABILITIES,
	       "a name for each capability");

struct sc_str sc_capability_word(unsigned number)
{
	return number < SC_CAPABILITIES ? capabilities[number]
					: (struct sc_str){ 0 };
}
