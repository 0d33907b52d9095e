# table.awk - a row of run's table, from "NAME GOALS BYTES" and the least "wall
# cpu memory" of both, in microseconds and KiB. Exit code 1 if a goal is missed.

function judge(goal,    of, value) {
	of = goal
	sub(/[<>].*/, "", of)
	value = goal
	sub(/.*[<>]/, "", value)
	if (goal ~ /</ ? is[of] <= value + 0 : is[of] >= value + 0)
		return goal
	missed = 1
	return goal " MISSED (" sprintf("%.3g", is[of]) ")"
}

{
	is["ms"] = $5 / 1000
	is["MB"] = $6 / 1024
	is["GB/s"] = $3 / $5 / 1000
	printf "%-23s %7.1f %7.1f %7.1f", $1, $4 / 1000, $5 / 1000, $6 / 1024
	if ($8) {
		is["wall"] = $4 / $7
		is["cpu"] = $5 / $8
		is["times"] = $8 / $5
		printf "  %7.0f %7.0f  %6.3f %6.4f ", $7 / 1000, $8 / 1000,
			is["wall"], is["cpu"]
	} else {
		printf "%33s", ""
	}
	n = split($2, goals, ",")
	for (i = 1; i <= n; i++)
		printf " %s", judge(goals[i])
	printf "\n"
	exit missed
}
