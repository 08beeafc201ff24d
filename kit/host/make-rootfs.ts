/**
 * Makes a root file system from this machine's own programs and their libraries.
 * Nothing has to be downloaded.
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { MARKER } from "./marker.ts";

/** Builds in a temporary folder and renames it: two builds at once do no harm, and an interrupted build is never used. */
export function makeRootfs(path: string): void {
	mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
	removeAbandoned(path);
	const building = mkdtempSync(`${path}.building-`);
	try {
		fill(building);
		renameSync(building, path);
	} catch (error) {
		rmSync(building, { recursive: true, force: true });
		if (!existsSync(join(path, MARKER))) throw error;
	}
}

const PROGRAMS =
	"sh bash awk basename cat chmod chown cp cut date dd df dirname du echo env expr false find getent grep head hostname " +
	"id ip kill less ln ls lsns mkdir mknod mktemp more mount mv nproc nsenter od pgrep pidof printenv printf ps pwd readlink realpath rm rmdir sed " +
	"seq setsid sha256sum sleep sort stat stty sync tail tee test timeout touch tr true tty umount uname uniq unshare wc which whoami xargs yes";

const DIRECTORIES =
	"bin dev etc home lib lib64 mnt opt proc root run srv sys tmp usr var/tmp";

const DEVICES = [
	["null", 1, 3],
	["zero", 1, 5],
	["full", 1, 7],
	["random", 1, 8],
	["urandom", 1, 9],
	["tty", 5, 0],
] as const;

const FILES: Record<string, string> = {
	[MARKER]:
		"The container's root file system, made from the programs of the machine around it.\n",
	"etc/passwd":
		"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
	"etc/group": "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n",
	"etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
	"etc/os-release":
		'PRETTY_NAME="Containers from Scratch"\nNAME="Containers from Scratch"\nID=scratch\n',
	"root/.bashrc": "PS1='\\u@\\h:\\w\\$ '\n",
};

function fill(root: string): void {
	for (const directory of DIRECTORIES.split(" "))
		mkdirSync(join(root, directory), { recursive: true, mode: 0o755 });
	for (const [name, text] of Object.entries(FILES))
		writeFileSync(join(root, name), text);
	for (const [name, major, minor] of DEVICES)
		execFileSync("mknod", [
			"-m666",
			join(root, "dev", name),
			"c",
			String(major),
			String(minor),
		]);
	symlinkSync("/proc/self/fd", join(root, "dev/fd"));
	symlinkSync("bin", join(root, "sbin"));
	for (const name of ["bin", "sbin", "lib"])
		symlinkSync(`../${name}`, join(root, "usr", name));
	chmodSync(root, 0o755);
	for (const name of ["tmp", "var/tmp"]) chmodSync(join(root, name), 0o1777);

	const libraries = new Set<string>();
	for (const name of PROGRAMS.split(" ")) {
		const program = find(name);
		if (program === undefined) continue;
		addProgram(root, name, program);
		for (const library of librariesOf(program)) libraries.add(library);
	}
	if (!existsSync(join(root, "bin/sh")))
		throw new Error("this machine has no sh in its PATH");
	for (const library of libraries) copy(library, join(root, library));
	for (const entry of terminals()) copy(entry, join(root, entry));
}

/** Copies a program under its real name, with a link for the other name: sh -> dash, ls -> busybox. */
function addProgram(root: string, name: string, program: string): void {
	const real = basename(program);
	if (!existsSync(join(root, "bin", real)))
		copy(program, join(root, "bin", real));
	if (real !== name) symlinkSync(real, join(root, "bin", name));
}

/** The real file of a program in PATH. */
function find(name: string): string | undefined {
	const directories = `${process.env.PATH}:/usr/sbin:/usr/bin:/sbin:/bin`;
	for (const directory of directories.split(":")) {
		const path = join(directory, name);
		if (directory && existsSync(path)) return realpathSync(path);
	}
	return undefined;
}

/** The shared libraries of a program, and its loader. ldd(1) */
function librariesOf(program: string): string[] {
	// ldd fails for a script or a static program: they have no libraries.
	const { stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
	return (stdout ?? "").match(/(?<=\s)\/\S+/g) ?? [];
}

/** The descriptions of common terminals. terminfo(5) */
function terminals(): string[] {
	return ["/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"].flatMap(
		(directory) =>
			[
				"x/xterm",
				"x/xterm-256color",
				"s/screen",
				"s/screen-256color",
				"t/tmux-256color",
				"l/linux",
				"v/vt100",
				"d/dumb",
			]
				.map((name) => join(directory, name))
				.filter(existsSync),
	);
}

function copy(source: string, target: string): void {
	mkdirSync(dirname(target), { recursive: true });
	copyFileSync(source, target);
}

/** Removes what interrupted builds left. A young folder may belong to a running build. */
function removeAbandoned(path: string): void {
	const MINUTE_MS = 60_000;
	for (const name of readdirSync(dirname(path))) {
		const building = join(dirname(path), name);
		if (!building.startsWith(`${path}.building-`)) continue;
		// Another start may have finished and renamed it in the meantime.
		const found = statSync(building, { throwIfNoEntry: false });
		if (found && Date.now() - found.mtimeMs > MINUTE_MS)
			rmSync(building, { recursive: true, force: true });
	}
}
