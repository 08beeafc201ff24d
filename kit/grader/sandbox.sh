#!/bin/sh
# The first process of a grader's sandbox: the dev container's stand-in, in
# namespaces of its own. It prepares what a container is to be looked at in, starts
# it when it is told to, and tells how it ended.
#
# sandbox.sh KIT STEP FILE NAME COMMAND…
#   KIT      the kit's folder
#   STEP     the step's folder in steps/: 03-hostname
#   FILE     stands in for the step's container.ts; empty: it stays what it is
#   NAME     the host name here
#   COMMAND  starts the container
#
# Descriptor 3 leads to the grader: "up" and the exit status go out, a line to go on
# comes in. Descriptor 4 becomes stderr: unshare(1) has words of its own there.

set -e
exec 2>&4 4>&-
kit=$1
step=$2
file=$3
name=$4
shift 4

# Nothing may be written, except where a layer is laid over it below, to
# terminals and to /proc, which is made anew. One mount(8) makes all mounts
# read-only, since a process for each takes longer than the step it is for; what
# it has missed is in the kernel's own list, in octal where a name holds a blank.
mount --all --types noproc,nodevpts --options remount,bind,ro >/dev/null 2>&1 || :
mounts=$(cat /proc/self/mountinfo)
while read -r _ _ _ _ place options _; do
	case $options in ro | ro,*) continue ;; esac
	case $place in /proc | /proc/* | /dev/pts | /dev/shm) continue ;; esac
	place=$(printf %b "$place")
	# A container engine may have removed a mount of its own meanwhile.
	[ -e "$place" ] || continue
	mount -o remount,bind,ro "$place" || [ ! -e "$place" ]
done <<END
$mounts
END

# One tmpfs holds all that is written, and goes with this namespace.
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
cd /dev/shm
mkdir steps tmp tmp.work compiled compiled.work
layer() {
	mount -t overlay -o "lowerdir=$2,upperdir=/dev/shm/$1,workdir=/dev/shm/$1.work" overlay "$2"
}
layer tmp /tmp
# What the supervisor has compiled, of the file just saved, its child finds in
# Node's cache. Where no layer fits on that, the child compiles it again.
layer compiled "$kit/node_modules/.cache/compile" 2>/dev/null || :
cp -r "$kit/steps/." steps
if [ -n "$file" ]; then
	mkdir -p "steps/$step"
	cp "$file" "steps/$step/container.ts"
fi
mount --bind /dev/shm/steps "$kit/steps"
mount -t proc proc /proc
mount --make-rshared /
echo "$name" >/proc/sys/kernel/hostname

cd "$kit"
# In a subshell: from here on this one's own descriptors are looked at.
(
	echo up >&3
	read -r _ <&3
)

# What a container must not inherit: an ignored signal, an open file, a variable.
trap '' USR1
status=0
CANARY=sings "$@" 3>&- 9</dev/null || status=$?
echo "$status" >&3
read -r _ <&3
