#!/bin/sh
# The first process of a grader's sandbox: the dev container's stand-in, in
# its own namespaces. It prepares the machine, starts the container when the grader
# sends a line, and reports the container's exit status.
#
# sandbox.sh KIT STEP FILE NAME COMMAND…
#   KIT      the kit's folder
#   STEP     the step's folder in steps/: 03-hostname
#   FILE     replaces the step's container.ts; if empty, nothing is replaced
#   NAME     the host name here
#   COMMAND  starts the container
#
# Descriptor 3 leads to the grader: "up" and the exit status go out, and a line
# comes in for each next step. The first one is a secret: it makes the status
# the grader's own line, which no other process can forge. Descriptor 4 becomes stderr, apart from unshare(1)'s.

set -e
exec 2>&4 4>&-
kit=$1
step=$2
file=$3
name=$4
shift 4

# Make all mounts read-only, except terminals and /proc, which is mounted anew.
# Layers for writing follow below. One mount(8) does most of it, since a process
# for each mount takes longer than a step. The loop handles the mounts that it
# missed: the kernel's list writes blanks in their names in octal.
mount --all --types noproc,nodevpts --options remount,bind,ro >/dev/null 2>&1 || :
mounts=$(cat /proc/self/mountinfo)
while read -r _ _ _ _ place options _; do
	case $options in ro | ro,*) continue ;; esac
	case $place in /proc | /proc/* | /dev/pts | /dev/shm) continue ;; esac
	place=$(printf %b "$place")
	# A container engine may have removed one of its mounts meanwhile.
	[ -e "$place" ] || continue
	mount -o remount,bind,ro "$place" || [ ! -e "$place" ]
done <<END
$mounts
END

# One tmpfs holds all written files. It ends with this namespace.
mount -t tmpfs -o mode=1777,size=64m,nr_inodes=16k tmpfs /dev/shm
cd /dev/shm
mkdir steps tmp tmp.work compiled compiled.work
layer() {
	mount -t overlay -o "lowerdir=$2,upperdir=/dev/shm/$1,workdir=/dev/shm/$1.work" overlay "$2"
}
layer tmp /tmp
# A layer over Node's compile cache: the child finds what the supervisor compiled.
# Without the layer the child compiles it again.
layer compiled "$kit/node_modules/.cache/compile" 2>/dev/null || :
cp -r "$kit/steps/." steps
if [ -n "$file" ]; then
	mkdir -p "steps/$step"
	cp "$file" "steps/$step/container.ts"
fi
mount --bind /dev/shm/steps "$kit/steps"
# An old /proc below the new one would show the real mounts and namespaces.
while umount --lazy /proc 2>/dev/null; do :; done
mount -t proc proc /proc
# The grader has made a cgroup for this sandbox. It is the one that may be written to.
if [ -n "$WORKSHOP_CGROUP" ]; then
	group=${WORKSHOP_CGROUP%/*}
	mount --bind "$group" "$group"
	mount -o remount,bind,rw "$group"
fi
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
