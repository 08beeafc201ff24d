import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	ALL_KINDS,
	accumulate,
	LATER_KINDS,
	NO_ISOLATION,
} from "../steps/kinds.ts";
import { renderSections } from "./html.ts";

const [, isolation = NO_ISOLATION] = accumulate([
	{ isolates: ["uts"], sets: {} },
	{ isolates: ["root"], sets: { uts: "a & b" } },
]);
const html = (markdown: string) =>
	renderSections(markdown, isolation).join("\n");

test("a section begins with each heading of the first two levels", () => {
	const sections = renderSections(
		"Before.\n\n## A\n\n### B\n\n## A\n",
		isolation,
	);
	expect(sections).toEqual([
		"<p>Before.</p>",
		'<h2 id="a">A</h2>\n<h3 id="b">B</h3>',
		'<h2 id="a-1">A</h2>',
	]);
});

test("a fold folds, and HTML is text", () => {
	expect(
		html("<details><summary>`Why`?</summary>\n\n*So.*\n\n</details>"),
	).toBe(
		"<details><summary><code>Why</code>?</summary>\n<p><em>So.</em></p>\n</details>",
	);
	expect(
		html("<details open onclick=x><summary>a</summary></details>"),
	).not.toContain("<details");
	expect(html("a <b>b</b>")).toBe("<p>a &lt;b&gt;b&lt;/b&gt;</p>");
});

test("links lead to pages of the book, or out when they are followed, or nowhere", () => {
	expect(html("[a](03-hostname.md#the-idea)")).toContain(
		'href="03-hostname.html#the-idea"',
	);
	expect(html("[a](https://x.example/?a=1&b=2)")).toContain(
		'href="https://x.example/?a=1&amp;b=2" rel="noreferrer"',
	);
	expect(html("[a](../runtime/index.ts)")).toContain("a <span");
	expect(html("![a](https://x.example/i.png)")).not.toContain("<img");
	expect(html("![a](pictures/../../package.json)")).not.toContain("<img");
	expect(html("![a](pictures/no-such.png)")).not.toContain("<img");
	expect(html('![a "b"](pictures/look.png)')).toMatch(
		/^<p><img src="data:image\/png;base64,\w[^"]+" alt="a &quot;b&quot;"><\/p>$/,
	);
	for (const evil of [
		"javascript:x",
		"JavaScript&#58;x",
		"data:text/html,x",
		"//x.example",
		"vbscript:x",
	])
		expect(html(`[a](${evil})`)).not.toContain("<a");
});

test("the diagram says in words what it shows", () => {
	const svg = html("```diagram\n```");
	expect(svg).toContain('role="img" aria-label="A house');
	expect(svg).toContain(
		"own: UTS (a &amp; b), root. New in this step: UTS (a &amp; b), root.",
	);
	expect(svg).toContain("Not there in the container: /proc.");
	expect(svg.match(/>shared</g)).toHaveLength(
		ALL_KINDS.length - LATER_KINDS.length - 3,
	);
});

describe("whatever stands in a page", () => {
	const piece = fc.constantFrom(
		..."abc|`*_~[]()!<>#&;\"'=-+.\\\n \t".split(""),
		"\n\n",
		"```",
		"<script>",
		"</script>",
		"<pre>",
		"</pre>",
		"<img src=x onerror=alert(1)>",
		"<svg/onload=alert(1)>",
		"<a href=javascript:x>",
		"<details>",
		"</details>",
		"<details><summary>",
		"</summary>",
		"](javascript:x)",
		"[x](",
		"<!--",
		"-->",
		"&#60;",
		"&lt;",
		"style=",
		"|-|-|\n",
		"<https://a.b",
		"<style>",
		"<iframe srcdoc='",
		"- [x] ",
		"> ",
		"[a]: javascript:x\n",
	);
	const own =
		/^<\/?(p|h[2-6]|ul|ol|li|pre|code|figure|figcaption|blockquote|strong|em|del|a|br|hr|table|thead|tbody|tr|th|td|div|span|b|details|summary)( (href|rel|id|class|tabindex|role|aria-label|start|align)="[^"<>]*")*\/?>$/;

	test("only the renderer's own tags come out", () => {
		fc.assert(
			fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
				const out = html(pieces.join(""));
				for (const tag of out.match(/<[^>]*>/g) ?? []) {
					expect(tag).toMatch(own);
					expect(tag).not.toMatch(/href="(?!https?:|mailto:|#|[\w-]+\.html)/i);
				}
				expect(out.replace(/<[^>]*>/g, "")).not.toMatch(/[<>]/);
			}),
			{ numRuns: 1000 },
		);
	});
});
