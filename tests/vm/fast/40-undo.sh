# Without the rules everything is denied again, and logged as before.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=play.sh
. /test/play.sh

check "the kernel takes the modules without the rules" load caged
record again play >/run/again
vectors $out/again.log >/run/vectors-again
compare before kernel /run/again
check "the same denials as before" diff /run/vectors-before /run/vectors-again
