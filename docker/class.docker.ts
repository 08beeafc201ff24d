/** A class: five dev containers join a board over a bridge network, make different mistakes, get stuck and unstuck; the board dies and comes back. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { listSteps } from "../kit/steps/catalog.ts";
import { execute } from "../kit/testing/kit.ts";
import { learnersFolder, runWords } from "./dev-container.ts";
import { ask, LABEL } from "./engine.ts";

/** Each learner with the steps that are solved, and the mistake in the next one. */
const LEARNERS: [string, number, (text: string) => string][] = [
	["Ana", 0, (text) => text.replace("return reexec", "await reexec")],
	["Bo", 1, (text) => text.replace("\tunshare(CLONE_NEWUTS);\n", "")],
	["Chidi", 3, (text) => text.replace('\tchdir("/");\n', "")],
	["Dmitri", 4, (text) => text.replace("| CLONE_NEWPID", "")],
	["Elif", 5, (text) => text.replace(/\tmount\(.*MS_PRIVATE.*\n/, "")],
];

/** A dev container on a network, which waits for what is typed into it. */
function open(name: string, network: string, steps: string): void {
	const words = runWords({
		steps,
		add: ["--detach", "--network", network, "--name", name],
		without: ["-it"],
	});
	ask(...words.slice(1), "sleep", "infinity");
	onTestFinished(() => void ask("rm", "--force", name));
}

/** Types a command of npm's in it. */
const npm = (name: string, ...words: string[]) =>
	execute(["docker", "exec", name, "npm", "run", "--silent", ...words]);

test("five learners, their mistakes, and a board that dies", {
	timeout: 400_000,
}, async () => {
	const network = `class-${process.pid}`;
	ask("network", "create", "--label", LABEL, network);
	onTestFinished(() => void ask("network", "rm", network));
	const board = `${network}-board`;
	const saved = learnersFolder();
	open(board, network, saved);
	const file = join(saved, "class.json");
	const start = async () => {
		ask(
			...["exec", "--detach", board, "npm", "run", "--silent", "class", "--"],
			...["--address", board, "--save", "steps/class.json"],
		);
		await expect.poll(page, { timeout: 20_000 }).toContain("The board");
	};
	/** The board, as the instructor's browser gets it on the same machine. */
	const page = async () => {
		const fetching = `
			const { key } = JSON.parse(fs.readFileSync("steps/class.json", "utf8"));
			const headers = { cookie: "class-board=" + key };
			fetch("http://localhost:4101/", { headers }).then((it) => it.text()).then(console.log, () => {});
		`;
		return (await execute(["docker", "exec", board, "node", "-e", fetching]))
			.stdout;
	};
	await start();
	const { word } = JSON.parse(readFileSync(file, "utf8"));

	const solve = (folder: string, step: number, edit = (it: string) => it) => {
		const { id = "", solution = "" } = listSteps()[step - 1] ?? {};
		const text = edit(readFileSync(solution, "utf8"));
		writeFileSync(join(folder, id, "container.ts"), text);
	};
	const folders: string[] = [];
	for (const [name, solved, mistake] of LEARNERS) {
		const folder = learnersFolder(solved);
		folders.push(folder);
		solve(folder, solved + 1, mistake);
		open(`${network}-${name}`, network, folder);
		const wrong = await npm(`${network}-${name}`, "join", board, "wrong", name);
		expect(wrong.stderr).toContain("does not know the word");
		const joined = await npm(`${network}-${name}`, "join", board, word, name);
		expect([joined.status, joined.stderr]).toEqual([0, ""]);
	}
	const check = (index: number, ...words: string[]) =>
		npm(`${network}-${LEARNERS[index]?.[0]}`, "check", ...words);
	for (const [index, [, solved]] of LEARNERS.entries()) {
		await check(index);
		expect((await check(index, String(solved + 1))).status).toBe(1);
	}
	let seen = await page();
	for (const [name, solved] of LEARNERS)
		expect(seen).toMatch(
			new RegExp(`${name}</strong> <span class="facts">step ${solved + 1} · `),
		);
	expect(seen).toContain("4 of 5 are through");
	expect(seen).toMatch(
		/1 fails:<\/strong> <em>the command starts in \/ of the new root<\/em><br>No <code>chdir/,
	);

	// Chidi checks a third time, and Elif has no hint left: both are stuck.
	await check(2, "4");
	await npm(`${network}-Elif`, "hint", "6", "--", "--all");
	seen = await page();
	expect(seen).toMatch(/<li class="stuck">(?:(?!<\/li>)[\s\S])*Chidi/);
	expect(seen).toMatch(/<li class="stuck">(?:(?!<\/li>)[\s\S])*Elif/);

	// The board dies. Nobody notices, and Chidi mends the step meanwhile.
	await expect.poll(() => readFileSync(file, "utf8")).toContain('"hints": 4');
	ask("exec", board, "pkill", "-9", "-f", "launch.cjs class");
	solve(folders[2] ?? "", 4);
	const meanwhile = await check(2, "4");
	expect([meanwhile.status, meanwhile.stderr]).toEqual([0, ""]);

	// It comes back with all that it knew, and hears of Chidi at the next check.
	await start();
	expect(await page()).toMatch(/<li class="stuck">(?:(?!<\/li>)[\s\S])*Chidi/);
	await check(2, "4");
	seen = await page();
	expect(seen).not.toMatch(/<li class="stuck">(?:(?!<\/li>)[\s\S])*Chidi/);
	expect(seen).toMatch(/<li class="stuck">(?:(?!<\/li>)[\s\S])*Elif/);

	// Dmitri leaves. At the end there is a page for all.
	await npm(`${network}-Dmitri`, "leave");
	ask("exec", board, "pkill", "-TERM", "-f", "launch.cjs class");
	const summary = () => {
		try {
			return readFileSync(join(saved, "class.html"), "utf8");
		} catch {
			return "";
		}
	};
	await expect.poll(summary).toContain("4 learners");
	expect(summary()).toContain("the command starts in / of the new root");
	expect(summary()).not.toMatch(/Ana|Chidi/);
});
