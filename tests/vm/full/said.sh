# said.sh - what a test said so far, to the second serial line. Sourced, in the guest.
# shellcheck shell=sh

# said NAME FILE: FILE.tap and FILE.err of the test NAME
said() {
	sed -n "s/^\(not ok\|ok\) - /\1 - $1: /p; /^#/p" "$2.tap" >/dev/ttyS1
	sed 's/^/# /' "$2.err" >/dev/ttyS1
}
