# PID 1 of the dev container that `docker compose up` opens. It starts the desk, and starts it again when
# something in the container has ended it: `kill -9 -1` in step 4 ends all processes but PID 1. bash
# waits for the orphans that a PID 1 gets; in Node, this would take ten times the memory.

# One key for all starts, so that an open tab finds the desk again.
[ -n "$WORKSHOP_KEY" ] || read -r WORKSHOP_KEY </proc/sys/kernel/random/uuid
export WORKSHOP_KEY WORKSHOP_ENDED

# `docker compose stop`, and Ctrl-C in `docker compose up`.
end() {
	trap - EXIT
	kill -TERM "$desk" 2>/dev/null
	wait "$desk"
	exit 0
}
trap end TERM INT

# Without a process to spare, bash can't fork, and ends: then it begins anew as the same process.
trap 'exec bash "$0" "$@"' EXIT

# Node's young objects have less room: it takes 12 MB less memory.
while :; do
	SECONDS=0
	node --max-semi-space-size=1 kit/launch.cjs desk "$@" &
	desk=$!
	wait "$desk" 2>/dev/null
	status=$?
	# It said why it can't begin. Another start would not help.
	if [ "$status" -lt 128 ] && [ "$SECONDS" -lt 3 ]; then
		trap - EXIT
		exit "$status"
	fi
	how="status $status"
	[ "$status" -gt 128 ] && how=SIG$(kill -l "$status")
	printf -v now '%(%H:%M:%S)T'
	WORKSHOP_ENDED="Something in the dev container ended the desk ($how), and it began again at $now."
done
