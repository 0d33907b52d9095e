# common.sh - what the host's half of tests/vm shares. Sourced, with $prog set.
# shellcheck shell=sh
top=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")

say() { echo "$prog: $*" >&2; }
fail() { say "$*"; exit 2; }

# stamp_of FILE...: the digest of what a step is made from
stamp_of() { cat -- "$@" | sha256sum | cut -c 1-64; }

# is_made OUT STAMP: was OUT made from that, and is it whole?
is_made() { [ -e "$1" ] && [ "$(cat "$1.stamp" 2>/dev/null)" = "$2" ]; }

# seal OUT STAMP: from here on it is
seal() { printf '%s\n' "$2" >"$1.stamp"; }
