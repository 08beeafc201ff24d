import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME } from "../steps/catalog.ts";
import { include } from "./include.ts";
import { parse } from "./markdown.ts";

const SOLUTION = "solutions/04-chroot/container.ts";

test("a function, with the comment above it", () => {
	const code = include(`ts ${SOLUTION}#child`);
	expect(code).toMatch(
		/^\/\*\* Runs in the child process.*\*\/\nexport function child\(/,
	);
	expect(code).toMatch(/chroot\(ROOTFS\);[\s\S]*execvp\(command\);\n\}$/);
	expect(code).not.toContain("function run");
});

test("a function whose parameters and comment take several lines", () => {
	const code = include("ts runtime/execvp.ts#execvp");
	expect(code).toMatch(/^\/\*\*\n \* /);
	expect(code).toMatch(/\n\}$/);
	expect(code?.match(/^(export )?(async )?function/gm)).toHaveLength(1);
});

test("a constant of one line", () => {
	expect(include("ts runtime/reexec.ts#containers")).toMatch(
		/export const containers = new Set<Promise<number>>\(\);$/,
	);
});

test("a whole file", () => {
	const code = readFileSync(join(HOME, SOLUTION), "utf8");
	expect(include(`ts ${SOLUTION}`)).toBe(code.trimEnd());
});

test("a name or a file that is not there, or not in the kit, is an error that names it", () => {
	expect(() => include(`ts ${SOLUTION}#chil`)).toThrow("declares no chil");
	expect(() => include("ts solutions/07-x/container.ts")).toThrow(
		"solutions/07-x",
	);
	expect(() => include("ts ../etc/passwd")).toThrow("no such file");
	expect(() => include("ts runtime")).not.toThrow();
});

test("only an empty fence that names a file is filled", () => {
	const text = (markdown: string) =>
		(parse(markdown)[0] as unknown as { text: string }).text;
	expect(text(`\`\`\`ts ${SOLUTION}#run\n\`\`\``)).toContain(
		"unshare(CLONE_NEWUTS)",
	);
	expect(text(`\`\`\`ts ${SOLUTION}#run\nmine\n\`\`\``)).toBe("mine");
	expect(text("```ts\n```")).toBe("");
	expect(text("```console dev image\n```")).toBe("");
});
