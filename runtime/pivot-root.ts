/** pivot_root(2): another mount becomes the root of the whole mount namespace. */

import { expectString, quote } from "./arguments.ts";
import { readlinkSync } from "./fs.ts";
import { syscall } from "./syscalls.ts";

const mountNamespace = () => readlinkSync("/proc/thread-self/ns/mnt");

/** The mount namespace that this process was born into. The supervisor is in it too. */
const bornInto = mountNamespace();

/**
 * Makes `newRoot` the root of this mount namespace, and moves the old root to `putOld`.
 * It moves every process of the namespace that stands in the old root, so it refuses
 * to work in a mount namespace that this process shares with its supervisor.
 * `pivotRoot(".", ".")` lays the old root over the new one; unmount it with `umount(".", MNT_DETACH)`.
 *
 * @param newRoot a mount point, and not the present root
 * @param putOld a directory at or below `newRoot`
 * @throws SyscallError EINVAL: newRoot is no mount point, or its parent mount is shared. EBUSY: newRoot is the present root.
 *   EPERM: without CAP_SYS_ADMIN, or refused by seccomp.
 * @see pivot_root(2), mount_namespaces(7)
 */
export function pivotRoot(newRoot: string, putOld: string): void {
	const shape = "pivotRoot(newRoot, putOld)";
	expectString(shape, "newRoot", newRoot);
	expectString(shape, "putOld", putOld);
	if (mountNamespace() === bornInto)
		throw new Error(
			`${shape}: your supervisor is in this mount namespace too, and pivot_root would move it: call unshare(CLONE_NEWNS) in child() first`,
		);
	syscall(
		"int pivot_root(const char *new_root, const char *put_old)",
		[newRoot, putOld],
		[quote(newRoot), quote(putOld)],
	);
}
