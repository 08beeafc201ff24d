#!/bin/sh
# Goes on where sandbox.sh ends: starts the container when the grader sends a line, and
# reports the container's exit status.
#
# contained.sh KIT NAME COMMAND…
#   KIT      the kit's folder
#   NAME     the host name here
#   COMMAND  starts the container
#
# Descriptor 3 leads to the grader: "up" and the exit status go out, and a line
# comes in for each next step. The first one is a secret: it makes the status
# the grader's own line, which no other process can forge.

set -e
kit=$1
name=$2
shift 2

mount --make-rshared /
echo "$name" >/proc/sys/kernel/hostname

cd "$kit"
# In a subshell: from here on the grader reads this shell's own descriptors.
secret=$(
	echo up >&3
	read -r line <&3
	echo "$line"
)

# Things that a container must not inherit: an ignored signal, an open file, a variable.
trap '' USR1
status=0
CANARY=sings "$@" 3>&- 9</dev/null || status=$?
echo "$secret $status" >&3
read -r _ <&3
