# story.sh - tell a story while testing it. Sourced after lib.sh.
# shellcheck shell=sh
# shellcheck disable=SC2154 # of lib.sh

# What is told goes to $out/NAME.txt, from where it comes into docs/stories.md.
story=$out/$name.txt
: >"$story"

# tell COMMAND: show it as it is typed, and what it says; its exit code
tell() {
	printf '$ %s\n\n' "$1" >>"$story"
	# By a pipe: a confined program is denied our files, which a log would tell.
	{
		sh -c "$1" 2>&1 </dev/null
		echo $? >"$work/status"
	} | cat >"$work/told"
	sed 's/^/    /' "$work/told" >>"$story"
	echo >>"$story"
	return "$(cat "$work/status")"
}

# remark TEXT: between commands
remark() { printf '%s\n\n' "$*" >>"$story"; }
