#!/bin/sh
# sh play.sh FOLDER ROOTFS PROGRAM [ARGUMENT...]
#
# Runs a program of a transcript in its own mount namespace. First it mounts the
# learner's steps from FOLDER/steps. For a session that installs something, it
# mounts a throwaway layer over ROOTFS. For other sessions ROOTFS is empty: `mount`
# would show the layer.
set -e
exec 2>&1
for step in $(cd "$1/steps" && ls); do
	mount --bind "$1/steps/$step" "steps/$step/container.ts"
done
if [ "$2" ]; then
	mount -t tmpfs tmpfs "$1/layer"
	mkdir "$1/layer/upper" "$1/layer/work"
	mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/layer/upper,workdir=$1/layer/work" "$2"
fi
shift 2
set +e
exec "$@"
