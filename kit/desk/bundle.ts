/** What the browser loads. */

import type { Bundle } from "./protocol.ts";

export async function loadBundle(): Promise<Bundle> {
	return {
		html: '<!doctype html><title>Desk</title><script src="/desk.js" nonce="__NONCE__"></script>',
		js: Buffer.from("// The desk"),
		css: Buffer.from(""),
	};
}
