#include "policy/host_path.h"

bool sc_path_is_below(struct sc_str path, struct sc_str above)
{
	if (!sc_take_prefix(&path, above))
		return false;
	return path.n == 0 || *path.s == '/' || sc_str_eq(above, SC_STR("/"));
}

/* Pass over the home that @path starts with: "~/", "/root/", "/home/me/". False
 * if it is no home, or nothing but one. */
static bool take_home(struct sc_str *path)
{
	struct sc_str rest = *path, name;

	if (!sc_take_prefix(&rest, SC_STR("/root/")) &&
	    !((*rest.s == '~' || sc_take_prefix(&rest, SC_STR("/home/"))) &&
	      sc_take_until(&rest, '/', &name)))
		return false;
	*path = rest;
	return true;
}

/* "/home/me", and what is hidden right in it, such as .ssh, of which logins and
 * programs live; but not what else is in it. */
static bool is_home(struct sc_str path)
{
	struct sc_str rest = path;

	if (take_home(&rest))
		return rest.n == 0 || *rest.s == '.';
	return *path.s == '~' || sc_take_prefix(&rest, SC_STR("/home/"));
}

bool sc_path_is_system(struct sc_str path)
{
	static const struct sc_str trees[] = {
		SC_STR("/bin"),
		SC_STR("/boot"),
		SC_STR("/dev"),
		SC_STR("/etc"),
		SC_STR("/lib"),
		SC_STR("/lib32"),
		SC_STR("/lib64"),
		SC_STR("/libx32"),
		SC_STR("/proc"),
		SC_STR("/run"),
		SC_STR("/sbin"),
		SC_STR("/sys"),
		SC_STR("/usr"),
		SC_STR("/var/log"),
		SC_STR("/var/run"),
		SC_STR("/var/spool"),
		SC_STR("/var/lib/containerd"),
		SC_STR("/var/lib/containers"),
		SC_STR("/var/lib/docker"),
		SC_STR("/var/lib/kubelet"),
		SC_STR("/var/lib/selinux"),
	};
	static const struct sc_str folders[] = {
		SC_STR("/"),          SC_STR("/home"),    SC_STR("/media"),
		SC_STR("/mnt"),       SC_STR("/opt"),     SC_STR("/root"),
		SC_STR("/srv"),       SC_STR("/tmp"),     SC_STR("/var"),
		SC_STR("/var/cache"), SC_STR("/var/lib"), SC_STR("/var/tmp"),
	};

	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		if (sc_path_is_below(path, trees[i]))
			return true;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (sc_str_eq(path, folders[i]))
			return true;
	return is_home(path);
}
