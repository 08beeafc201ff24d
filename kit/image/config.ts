/** What an image says of the process that is made from it. https://github.com/opencontainers/image-spec/blob/main/config.md */

import { CommandError } from "../cli/terminal.ts";

export interface ImageConfig {
	os: string;
	architecture: string;
	env: string[];
	/** The program, and words that come before those of the command. */
	entrypoint: string[];
	/** What is started where no command is given. */
	command: string[];
	workingDirectory: string;
	/** As it stands there: "", "user", "uid", "user:group" or "uid:gid". */
	user: string;
	/** The digests of the unpacked layers, lowest first. */
	diffIds: string[];
}

/** Reads an image's configuration, which comes from anywhere: it is an error where it is not as the specification says. */
export function parseConfig(text: string): ImageConfig {
	const outer = object(parse(text), "it");
	const config = object(outer.config ?? {}, "config");
	const rootfs = object(outer.rootfs ?? {}, "rootfs");
	return {
		os: string(outer.os ?? "linux", "os"),
		architecture: string(outer.architecture ?? "", "architecture"),
		env: strings(config.Env ?? [], "config.Env"),
		entrypoint: strings(config.Entrypoint ?? [], "config.Entrypoint"),
		command: strings(config.Cmd ?? [], "config.Cmd"),
		workingDirectory: string(config.WorkingDir ?? "", "config.WorkingDir"),
		user: string(config.User ?? "", "config.User"),
		diffIds: strings(rootfs.diff_ids, "rootfs.diff_ids"),
	};
}

/** The environment by names. PATH is Docker's where the image has none, and the last of two is right. */
export function environment(
	env: string[],
	home: string,
): Record<string, string> {
	return {
		PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		HOME: home,
		...Object.fromEntries(
			env.map((line) => {
				const [name = ""] = line.split("=", 1);
				return [name, line.slice(name.length + 1)];
			}),
		),
	};
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw wrong("it", "JSON");
	}
}

function object(value: unknown, what: string): Record<string, unknown> {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw wrong(what, "an object");
	return value as Record<string, unknown>;
}

function string(value: unknown, what: string): string {
	if (typeof value !== "string" || value.includes("\0"))
		throw wrong(what, "text");
	return value;
}

function strings(value: unknown, what: string): string[] {
	if (!Array.isArray(value)) throw wrong(what, "a list");
	return value.map((it) => string(it, `a word of ${what}`));
}

function wrong(what: string, kind: string): CommandError {
	return new CommandError(
		1,
		`The image's configuration is not valid: ${what} is not ${kind}.`,
	);
}
