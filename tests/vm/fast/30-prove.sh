# What prove --denials predicts of modules is what the kernel does with them: the
# modules that confine makes of this log, compiled on the host, are loaded.
# shellcheck shell=sh
# shellcheck source=lib.sh
. /test/lib.sh
# shellcheck source=play.sh
. /test/play.sh

check "confine makes modules of the log" sh -c "selcage confine \
	/test/compose.yaml --policy /policy/debian.33 --denials $out/cage.log \
	-o /run/learned >$out/confine.txt 2>&1"
# Their comments name what was denied, and that has numbers of processes.
for module in /policy/learned/*.cil; do
	name=$(basename "$module")
	grep -v '^ *;' "$module" >/run/compiled.cil
	grep -v '^ *;' "/run/learned/$name" >/run/fresh.cil
	check "$name is the one that the host compiled" \
		diff /run/compiled.cil /run/fresh.cil
done

selcage prove --json --policy /policy/debian.33 --denials $out/cage.log \
	/policy/learned/*.cil >$out/prove.json
check "prove finds the one denial that is granted by nobody" [ $? = 1 ]
judged $out/cage.log $out/prove.json | sed 's/ allowed-now$/ settled/;
	s/ missing-rule$/ open/' >/run/proven
compare after prove /run/proven

check "the kernel takes the modules" load learned
record learned play >/run/after
vectors $out/learned.log >/run/vectors
compare after kernel /run/after
logged after /run/vectors

# What was settled is never refused again: what is denied next is another thing.
again=$(awk '
	NR == FNR { settled[$1] = $4 == "settled" || $4 == "next"; next }
	FILENAME != last { last = FILENAME; file++ }
	file == 1 { before[$0] = 1; next }
	settled[$1] && $0 in before' "$table" /run/vectors-before /run/vectors)
check "nothing that was settled is refused: ${again:-nothing}" [ -z "$again" ]
