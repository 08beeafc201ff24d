import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME } from "../steps/catalog.ts";
import { NO_ISOLATION } from "../steps/kinds.ts";
import { fillFences, include } from "./include.ts";

const SOLUTION = "solutions/04-chroot/container.ts";

test("a function, with the comment above it", () => {
	const code = include(`${SOLUTION}#child`);
	expect(code).toMatch(
		/^\/\*\* Runs in the child process.*\*\/\nexport function child\(/,
	);
	expect(code).toMatch(/chroot\(ROOTFS\);[\s\S]*execvp\(command\);\n\}$/);
	expect(code).not.toContain("function run");
});

test("a function whose parameters and comment take several lines", () => {
	const code = include("runtime/execvp.ts#execvp");
	expect(code).toMatch(/^\/\*\*\n \* /);
	expect(code).toMatch(/\n\}$/);
	expect(code?.match(/^(export )?(async )?function/gm)).toHaveLength(1);
});

test("a constant of one line", () => {
	expect(include("runtime/reexec.ts#containers")).toMatch(
		/export const containers = new Set<Promise<number>>\(\);$/,
	);
});

test("a whole file", () => {
	const code = readFileSync(join(HOME, SOLUTION), "utf8");
	expect(include(`${SOLUTION}`)).toBe(code.trimEnd());
});

test("a name or a file that is not there, or not in the kit, is an error that names it", () => {
	expect(() => include(`${SOLUTION}#chil`)).toThrow("declares no chil");
	expect(() => include("solutions/07-x/container.ts")).toThrow(
		"solutions/07-x",
	);
	expect(() => include("../etc/passwd")).toThrow("that file does not exist");
	expect(() => include("runtime")).toThrow("that file does not exist");
});

test("a fence that names a file is filled anew, and so is a diagram; no other fence is touched", () => {
	const fill = (text: string) => fillFences(text, NO_ISOLATION);
	const filled = fill(`\`\`\`ts ${SOLUTION}#run\n\`\`\`\n`);
	expect(filled).toMatch(
		/^```ts .*#run\n[\s\S]*unshare\(CLONE_NEWUTS\)[\s\S]*\n\}\n```\n$/,
	);
	expect(fill(filled)).toBe(filled);
	expect(fill(filled.replace("CLONE_NEWUTS", "0"))).toBe(filled);
	expect(fill("```diagram\nold\n\nlines\n```\n")).toMatch(
		/^```diagram\n┌ dev container [\s\S]*┘\n```\n$/,
	);
	for (const other of [
		"```ts\n```\n",
		"```ts\nmine\n```\n",
		"```console dev image\n```\n",
	])
		expect(fill(other)).toBe(other);
});
