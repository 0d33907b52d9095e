"""unknown.py TABLE: which of the denials on standard input, as selcage log --json says
them, has no line in the table? Exit: 1 if there are any."""
import json
import sys

with open(sys.argv[1]) as table:
    known = {tuple(line.split()[:4]) for line in table if line[0] not in "#\n"}
unknown = set()
for line in sys.stdin:
    denial = json.loads(line)
    for perm in denial.get("perms", []):
        key = (denial["source"], denial["target"], denial["class"], perm)
        if key not in known:
            unknown.add(" ".join(key))
for key in sorted(unknown):
    print("hidden, and not decided:", key, file=sys.stderr)
sys.exit(bool(unknown))
