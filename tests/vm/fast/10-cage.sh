# The enforcing kernel decides each operation as the table says, and logs what it
# refuses.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=play.sh
. /test/play.sh

prepare
check "the kernel enforces" grep -q 1 /sys/fs/selinux/enforce
record cage play >/run/cage
check "no record was lost" sh -c "! grep -q '^#' $out/cage.log"
vectors $out/cage.log >/run/vectors-before
compare before kernel /run/cage
logged before /run/vectors-before
