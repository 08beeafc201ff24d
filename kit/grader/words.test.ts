import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { keepOutput, TOKEN, wordFor } from "./output.ts";
import { bounded, lastWords } from "./words.ts";

const lines = (count: number) =>
	Array.from({ length: count }, (_, index) => `line ${index + 1}`).join("\n");

test("the learner's own error is shown, however much was logged before it", () => {
	const error = "✘ boom in container.ts:9:7\n    9 │ boom();";
	expect(lastWords(`${lines(2000)}\n${error}\n`)).toBe(error);
	expect(lastWords(lines(100)).split("\n")).toEqual([
		"…",
		...lines(100).split("\n").slice(-12),
	]);
	expect(lastWords("one\ntwo\n")).toBe("one\ntwo");
	expect(lastWords(`mine\n${TOKEN} not mine\n`)).toBe("mine");
});

test("words are bounded in lines and width, and print nothing but themselves", () => {
	const shown = bounded(lines(2000));
	expect(shown.split("\n").length).toBe(12);
	expect(shown).toMatch(/… and 1989 more lines$/);
	expect(bounded("x".repeat(100_000)).length).toBeLessThan(300);
	expect(bounded("a\u001b[2J\u001b[31mb\u009b2Jc\rd")).toBe("abc\ufffdd");
	expect(lastWords("\u001b[2J✔ all passed\u0007")).toBe("✔ all passed\ufffd");
	expect(bounded("容器\tñ")).toBe("容器\tñ");
});

test("the grader's words are found in any amount of output, in parts or not; the end is kept", async () => {
	const stream = new PassThrough();
	const output = keepOutput(stream, () => {});
	const word = wordFor("ready");
	const send = async (text: string) => {
		stream.write(text);
		await new Promise(setImmediate);
	};
	await send("ready\nthe beginning\n");
	expect(output.told(word)).toBe(false);
	for (let times = 0; times < 100; times++) await send("y\n".repeat(5000));
	await send(word.slice(0, 5));
	await send(`${word.slice(5)}\n`);
	expect(output.told(word)).toBe(true);
	for (let times = 0; times < 100; times++) await send("y\n".repeat(5000));
	await send("the end\n");
	expect(output.told(word)).toBe(true);
	expect(output.text()).toMatch(/^ready\nthe beginning\ny\n/);
	expect(output.text()).toMatch(/\n…\n.*\nthe end\n$/s);
	expect(output.text().length).toBeLessThan(150_000);
});
