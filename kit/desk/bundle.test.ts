/** What the browser loads. */

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { loadBundle } from "./bundle.ts";

test("the desk is one script and one style, of 400 kB compressed at the most", async () => {
	const { html, js, css } = await loadBundle();
	const sizes = [html, js, css].map((part) => gzipSync(part).length);
	expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(400_000);
	expect(html).toContain('nonce="__NONCE__"');
	// No address of another machine: the policy would forbid it, and there may be no network.
	const loads = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(
		([, it]) => it,
	);
	for (const address of loads) expect(address).toMatch(/^(\/|#|data:)/);
	expect(Buffer.from(css).toString()).not.toMatch(/url\(["']?http|@import/);
});

test("a second call makes nothing new", async () => {
	const [first, second] = [await loadBundle(), await loadBundle()];
	expect(Buffer.compare(first.js, second.js)).toBe(0);
	expect(second.html).toBe(first.html);
});
