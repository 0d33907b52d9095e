# selcage, asking the kernel's own policy, gives each denial its class.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=play.sh
. /test/play.sh

check "log reads the records" sh -c "selcage log $out/cage.log >$out/log.txt"
check "log escapes what a name holds" sh -c "
	grep -qF 'my \\x1b[2J' $out/log.txt && ! grep -q '$(printf '\033')' $out/log.txt"
check "explain reads the kernel's policy" \
	sh -c "selcage explain --json $out/cage.log >$out/explain.json"
judged $out/cage.log $out/explain.json >/run/explained
compare before explain /run/explained
