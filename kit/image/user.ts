/** Who the image's User is: names are looked up in the image's own files, since only numbers mean anything to the kernel. */

import { CommandError } from "../cli/terminal.ts";

export interface User {
	uid: number;
	gid: number;
	/** The supplementary groups. */
	groups: number[];
	home: string;
}

/**
 * Resolves "", "user", "uid", "user:group" or "uid:gid", as Docker does. A number needs no entry in /etc/passwd, a name does.
 *
 * @param passwd the text of the image's /etc/passwd, "" where it has none
 * @param group the text of its /etc/group
 */
export function resolveUser(user: string, passwd: string, group: string): User {
	const [wanted = "", wantedGroup = ""] = user.split(":", 2);
	const known = rows(passwd).find(
		([name, , uid]) =>
			name === (wanted || undefined) || uid === (wanted || "0"),
	);
	const [name, , uid, gid, , home] = known ?? [];
	if (uid === undefined && !isNumber(wanted || "0"))
		throw new CommandError(
			1,
			`The image's user is ${JSON.stringify(wanted)}, and its /etc/passwd has no such name.`,
		);
	return {
		uid: Number(uid ?? (wanted || "0")),
		gid: wantedGroup ? groupNumber(wantedGroup, group) : Number(gid ?? 0),
		// A group that is asked for replaces all of the user's.
		groups: wantedGroup ? [] : groupsOf(name, Number(gid), group),
		home: home || "/",
	};
}

function groupNumber(wanted: string, group: string): number {
	const [, , gid] =
		rows(group).find(([name, , gid]) => name === wanted || gid === wanted) ??
		[];
	if (gid === undefined && !isNumber(wanted))
		throw new CommandError(
			1,
			`The image's group is ${JSON.stringify(wanted)}, and its /etc/group has no such name.`,
		);
	return Number(gid ?? wanted);
}

/** The groups that name a user as a member. */
function groupsOf(
	user: string | undefined,
	primary: number,
	group: string,
): number[] {
	if (user === undefined) return [];
	return rows(group)
		.filter(([, , , members = ""]) => members.split(",").includes(user))
		.map(([, , gid]) => Number(gid))
		.filter((gid) => gid !== primary);
}

/** The lines of a file like passwd(5), taken apart. Those without a number are none. */
function rows(text: string): string[][] {
	return text
		.split("\n")
		.map((line) => line.split(":").map((word) => word.trim()))
		.filter(([name, , number = ""]) => name && isNumber(number));
}

/** Whether a word is a user's or a group's number. 2³²−1 means "leave it" to the kernel. */
function isNumber(word: string): boolean {
	return /^\d{1,10}$/.test(word) && Number(word) < 0xffffffff;
}
