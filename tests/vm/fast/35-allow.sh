# The rules that selcage allow writes make work what it says, in the same way; it
# asks no spec, so it also gives what confine leaves open.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=play.sh
. /test/play.sh

check "the kernel takes the modules without the rules" load caged
check "allow writes rules by the kernel's policy" \
	sh -c "selcage allow $out/cage.log >$out/allow.cil 2>$out/allow.txt"
grep -v '^;' /policy/allowed/allow.cil >/run/compiled.cil
grep -v '^;' $out/allow.cil >/run/fresh.cil
check "they are those that the host compiled" \
	diff /run/compiled.cil /run/fresh.cil

awk -F '\t' -v OFS='\t' '$4 == "open" { $4 = "settled" } 1' "$table" >/run/table
table=/run/table
check "the kernel takes the rules" load allowed
record allowed play >/run/after
vectors $out/allowed.log >/run/vectors
compare after kernel /run/after
logged after /run/vectors
