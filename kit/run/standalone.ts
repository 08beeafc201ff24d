/** The program around a finished container.ts: what `npm run finish` bundles it with, in place of the kit. */

import { constants } from "node:os";
import { SyscallError } from "../../runtime/errors.ts";
import { existsSync, stat } from "../../runtime/fs.ts";
import { cfunction } from "../../runtime/libc.ts";
import { OWN_ROOTFS, ROOTFS } from "../../runtime/rootfs.ts";
import { makeRootfs } from "../host/make-rootfs.ts";
import { prepareRootfs } from "../host/rootfs.ts";
import type { Container } from "./load.ts";
import { shellProgram } from "./shell.ts";

const [WRONG_USAGE, NOT_STARTED, NOT_RUNNABLE, NOT_FOUND] = [2, 125, 126, 127];

const USAGE = "sudo node container.mjs run [command]\n";

/**
 * `node container.mjs run [command]`: the supervisor; reexec starts the same
 * file again as `node container.mjs child COMMAND`.
 *
 * @returns the exit status: as the kit's commands
 */
export async function main(
	container: Container,
	[role, ...command]: string[],
): Promise<number> {
	try {
		if (role === "child") {
			dieWithParent();
			return container.child(command);
		}
		if (role !== "run") return stop(`Usage: ${USAGE}`, WRONG_USAGE);
		if (process.getuid?.() !== 0)
			return stop(`A container is made by root: ${USAGE}`);
		return await start(container, command);
	} catch (error) {
		const { message } = error as Error;
		return stop(`${message}\n`, statusOf(error));
	}
}

async function start({ run }: Container, command: string[]): Promise<number> {
	if (ROOTFS === OWN_ROOTFS && !existsSync(ROOTFS)) makeRootfs(ROOTFS);
	prepareRootfs(() => {});
	// After unshare(CLONE_NEWPID) no thread can be started: Node's pool is started now.
	await new Promise((resolve) => stat("/", resolve));
	// Once the root file system is there: its bash is preferred, since dash as PID 1 can't give the terminal back at its end.
	return run(command.length > 0 ? command : [shellProgram()]);
}

/** Has the kernel kill this process when its parent dies. @see PR_SET_PDEATHSIG(2const) */
function dieWithParent(): void {
	const PR_SET_PDEATHSIG = 1;
	cfunction("int prctl(int option, ...)")(
		PR_SET_PDEATHSIG,
		"unsigned long",
		constants.signals.SIGKILL,
	);
}

function statusOf(error: unknown): number {
	if (!(error instanceof SyscallError) || error.syscall !== "execvp")
		return NOT_STARTED;
	return error.code === "ENOENT" ? NOT_FOUND : NOT_RUNNABLE;
}

function stop(message: string, status = NOT_STARTED): number {
	process.stderr.write(message);
	return status;
}
