/*
 * spec.h - what containers ask for, whatever file they came from.
 *
 * The model is neutral: it keeps numbers and paths, never SELinux types, since
 * the same port has another type on another distribution. Readers fill it
 * (inspect.c, compose.c), rules/ turns it into policy. All text is a copy in
 * the arena that the reader was given, and is as hostile as its source: any
 * bytes but NUL can stand in it.
 */
#ifndef SC_SPEC_SPEC_H
#define SC_SPEC_SPEC_H

#include "base/arena.h"
#include "base/error.h"

/* Where in which file a thing was asked for; .line is 0 where it has none. */
struct sc_place {
	struct sc_str file; /* as the user named it */
	struct sc_str
		path;  /* "services.db.ports[0]", "[0].HostConfig.Binds[1]" */
	uint32_t line; /* counted from 1 */
};

enum sc_format {
	SC_FORMAT_PODMAN, /* podman inspect */
	SC_FORMAT_DOCKER, /* docker inspect */
	SC_FORMAT_COMPOSE,
};

enum sc_proto { SC_TCP, SC_UDP, SC_SCTP };

enum sc_mount_kind {
	SC_MOUNT_BIND,   /* source is a path of the host */
	SC_MOUNT_VOLUME, /* source is a volume's name; empty: anonymous */
	SC_MOUNT_TMPFS,
	SC_MOUNT_OTHER, /* image, npipe, cluster, ... */
};

enum sc_relabel {
	SC_RELABEL_NONE,
	SC_RELABEL_SHARED,  /* z */
	SC_RELABEL_PRIVATE, /* Z */
};

struct sc_mount {
	enum sc_mount_kind kind;
	struct sc_str source;
	struct sc_str target;
	bool read_only;
	enum sc_relabel relabel;
	struct sc_place place;
};

/* A port that the container listens on, as SELinux sees it: inside. */
struct sc_port {
	enum sc_proto proto;
	uint16_t first;
	uint16_t last;  /* the same, unless it is a range */
	uint16_t host;  /* where .first is published; 0: nowhere or anywhere */
	bool published; /* false: "expose", ExposedPorts */
	struct sc_place place;
};

struct sc_device {
	struct sc_str host;
	struct sc_str container;
	struct sc_str perms; /* "rwm"; empty: not said */
	struct sc_place place;
};

/* A word or a pair: a variable, a capability, the name of a peer. */
struct sc_item {
	struct sc_str name;
	struct sc_str value; /* empty where it has none */
	struct sc_place place;
};

#define SC_VECTOR(name, type) \
	struct name {         \
		type *v;      \
		size_t n;     \
		size_t room;  \
	}

SC_VECTOR(sc_mounts, struct sc_mount);
SC_VECTOR(sc_ports, struct sc_port);
SC_VECTOR(sc_devices, struct sc_device);
SC_VECTOR(sc_items, struct sc_item);

enum sc_ns {
	SC_NS_PRIVATE,
	SC_NS_HOST,
	SC_NS_SHARED, /* another container's */
};

struct sc_container {
	struct sc_str name;  /* service, or the container's name without '/' */
	struct sc_str id;    /* hex; empty in a compose file */
	struct sc_str image; /* as written: "docker.io/library/redis:7" */
	struct sc_str project; /* what groups containers; may be empty */
	struct sc_place place;

	/* SELinux, as asked for; empty: not said */
	struct sc_str label_type;
	struct sc_str label_level; /* "s0:c1,c2" */
	bool label_disabled;       /* label=disable */
	struct sc_place label_place;

	/* SELinux, as it runs (inspect); empty: not labelled, or not known */
	struct sc_str process_label;
	struct sc_str mount_label;

	struct sc_str user; /* as written; empty: the image decides */
	uint64_t replicas;  /* how many of it; 0: not said, one */
	struct sc_place replicas_place;
	bool privileged;
	bool init; /* --init */
	bool systemd;
	bool read_only_root;
	bool no_new_privs;
	bool no_network; /* network_mode: none */
	enum sc_ns net, pid, ipc, userns;
	bool mapped_users; /* in a user namespace with ids of its own */
	struct sc_place privileged_place, net_place, pid_place, ipc_place;

	struct sc_mounts mounts;
	struct sc_ports ports;
	struct sc_devices devices;
	struct sc_items cap_add;  /* upper case, without CAP_; may be "ALL" */
	struct sc_items cap_drop; /* likewise */
	struct sc_items caps;     /* effective ones, if the engine says them */
	bool caps_known;          /* .caps is valid */
	struct sc_items env;      /* NAME, value */
	struct sc_items depends_on; /* service names */
	struct sc_items links;      /* service, alias */
	struct sc_items networks;   /* names; none: the default one */
	struct sc_items aliases;    /* container_name, hostname, aliases */
	struct sc_items command;    /* entrypoint and command, as words */
	struct sc_items health;     /* the health check, as words */
	struct sc_items profiles;   /* compose: off unless one is chosen */
};

SC_VECTOR(sc_containers, struct sc_container);

/*
 * What a reader saw and could not take at its word: an unknown key, a form that
 * compose does not know, a variable that is not set. Never an error by itself.
 */
struct sc_note {
	struct sc_str text; /* lower case, no full stop; may quote the source */
	struct sc_place place;
};

SC_VECTOR(sc_notes, struct sc_note);

struct sc_spec {
	enum sc_format format;
	struct sc_str file;    /* as the user named it */
	struct sc_str project; /* compose: name:, or what the caller gave */
	struct sc_containers containers; /* in the order of the file */
	struct sc_notes notes;
};

#endif
