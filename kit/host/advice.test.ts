import { constants } from "node:os";
import { expect, test } from "vitest";
import { SyscallError } from "../../runtime/errors.ts";
import { advise } from "./advice.ts";

const { ENOENT } = constants.errno;

test('chroot("ROOTFS"): the constant has no quotes', () => {
	const quoted = new SyscallError("chroot", ['"ROOTFS"'], ENOENT);
	expect(advise(quoted)?.todo).toContain("without the quotes");
	const other = new SyscallError("chroot", ['"/nowhere"'], ENOENT);
	expect(advise(other)?.todo).toContain("use ROOTFS from #runtime");
});
