#!/bin/sh
# The first process of a grader's sandbox: the dev container's stand-in, in
# its own namespaces. It prepares the machine, and goes on as contained.sh.
#
# sandbox.sh THEN KIT STEP FILE NAME ROOT GROUP COMMAND…
#   THEN     the text of contained.sh, which starts the container in what this prepares
#   KIT      the kit's folder
#   STEP     the step's folder in steps/: 03-hostname
#   FILE     replaces the step's container.ts; if empty, nothing is replaced
#   NAME     the host name here
#   ROOT     "writable" for a throwaway layer over /; else it is read-only
#   GROUP    the cgroup that may be written to, in a step that needs one
#   COMMAND  starts the container
#
# Descriptor 4 becomes stderr, apart from unshare(1)'s.

set -e
exec 2>&4 4>&-
contained=$1
kit=$2
step=$3
file=$4
name=$5
root=$6
group=$7
shift 7

# The sandbox's limits, beside those of its group: a size of memory for each process; and where
# the machine's memory ends nevertheless, the kernel ends a process in here, and not the grader.
# shellcheck disable=SC3045 # the shells of Debian and Alpine have it
ulimit -d 1500000
echo 1000 >/proc/self/oom_score_adj

# each DO: calls DO with the fields of each line in the kernel's list of mounts.
# A loop over `read` would take a system call for each byte.
each() {
	lines=$(cat /proc/self/mountinfo)
	IFS=$newline
	set -f
	for line in $lines; do
		unset IFS
		# shellcheck disable=SC2086 # its fields
		"$1" $line || return
	done
	set +f
	unset IFS
}
newline='
'

# place NAME: sets it to a mount's name. The kernel's list writes blanks in octal.
place() {
	place=$1
	case $place in *\\*) place=$(printf %b "$place") ;; esac
}

# Make all mounts read-only, except terminals and /proc, which is mounted anew.
# Layers for writing follow below. One mount(8) does most of it, since a process
# for each mount takes longer than a step. Then come the mounts that it missed.
mount --all --types noproc,nodevpts --options remount,bind,ro >/dev/null 2>&1 || :
lock() {
	case $6 in ro | ro,*) return ;; esac
	case $5 in /proc | /proc/* | /dev/pts | /dev/shm) return ;; esac
	place "$5"
	# A container engine may have removed one of its mounts meanwhile.
	[ -e "$place" ] || return 0
	mount -o remount,bind,ro "$place" || [ ! -e "$place" ]
}
each lock

# One tmpfs holds all written files. It ends with this namespace.
mount -t tmpfs -o mode=1777,size=64m,nr_inodes=16k tmpfs /dev/shm
cd /dev/shm
mkdir steps tmp tmp.work compiled compiled.work root root.work over
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
if [ -n "$group" ]; then
	mount --bind "$group" "$group"
	mount -o remount,bind,rw "$group"
fi

# A layer over / itself: a step may write to the dev container and to ROOTFS, which is
# then no mount point, as outside. The other mounts are bound into it, but files, such as
# Docker's /etc/hosts: they are copied, and so may be written to. The layer then moves onto /.
# The kernel lets one overlay lie on another: in Docker / is one already.
writable() {
	# Unbindable: else the mounts of /dev, which are bound into it, would have it among them.
	mount -t overlay -o "lowerdir=/,upperdir=/dev/shm/root,workdir=/dev/shm/root.work" --make-unbindable overlay over || return
	each find_top
	each bind || return
	cd over
	mount --make-private .
	mount --no-mtab --move . /
}
find_top() {
	[ "$5" != / ] || top=$1
}
bind() {
	[ "$2" = "$top" ] || return 0
	place "$5"
	if [ -d "$place" ]; then
		mount --rbind "$place" "over$place"
	elif [ -e "$place" ]; then
		# A network that Docker keeps, for example, is a file that can't be copied.
		cp -p "$place" "over$place" || mount --bind "$place" "over$place"
	fi
}
if [ "$root" = writable ] && writable 2>/dev/null; then
	exec chroot . sh -c "$contained" sh "$kit" "$name" "$@"
fi
exec sh -c "$contained" sh "$kit" "$name" "$@"
