/**
 * The stream of pictures that keeps the book's live page up to date in every
 * browser.
 */

import type { ServerResponse } from "node:http";
import { follow, REFRESH_MS } from "../look/follow.ts";
import type { View } from "../look/view.ts";
import { commandOf } from "../proc/process.ts";
import { drawLive } from "./live-picture.ts";

export interface Live {
	/** The present picture, as HTML. */
	picture(): string;
	/** Answers a request with the stream of pictures: server-sent events, for as long as the browser listens. */
	stream(response: ServerResponse): void;
}

/** How soon a browser that lost the connection tries again. */
const RETRY_MS = 500;
const MOST_LINES = 3;

/** Follows the container once for all browsers, and only while a browser is connected. */
export function openLive(nextView: () => View | undefined = follow()): Live {
	/** Each browser with the last picture sent to it. */
	const browsers = new Map<ServerResponse, string>();
	let timer: NodeJS.Timeout | undefined;
	let view: View | undefined;
	let picture = "";
	/** The command lines of the last containers, the newest last. */
	let lines: string[] = [];
	let newest = 0;

	const draw = (next = nextView()) => {
		view = next;
		if (view && view.container.start > newest) {
			newest = view.container.start;
			const line = lineOf(view);
			if (line) lines = [...lines, line].slice(-MOST_LINES);
		}
		picture = drawLive(view, lines);
		return picture;
	};
	const bringUpToDate = (browser: ServerResponse) => {
		// A slow browser gets the newest picture once its buffer is empty.
		if (browser.writableNeedDrain || browsers.get(browser) === picture) return;
		browsers.set(browser, picture);
		browser.write(`data: ${JSON.stringify(picture)}\n\n`);
	};
	const refresh = () => {
		const next = nextView();
		if (next !== view) draw(next);
		for (const browser of browsers.keys()) bringUpToDate(browser);
	};

	return {
		picture: () => draw(),
		stream(response) {
			response.writeHead(200, {
				"Content-Type": "text/event-stream",
				"Cache-Control": "no-store",
				"X-Content-Type-Options": "nosniff",
			});
			response.write(`retry: ${RETRY_MS}\n\n`);
			response.on("drain", () => bringUpToDate(response));
			browsers.set(response, "");
			draw();
			bringUpToDate(response);
			timer ??= setInterval(refresh, REFRESH_MS);
			response.on("close", () => {
				browsers.delete(response);
				if (browsers.size > 0) return;
				clearInterval(timer);
				timer = undefined;
			});
		},
	};
}

/** "npm run step 3 hostname": what was typed, without the command's arguments, which are nobody else's business. */
function lineOf({ container }: View): string {
	const { script, step, supervisor } = container;
	if (!script) return "";
	const words = commandOf(supervisor);
	const at = words.indexOf(script);
	const own = words.slice(at + 1).findIndex((word) => !word.startsWith("-"));
	const [command = "", ...rest] = words.slice(at + 2 + own);
	return `npm run ${script} ${step} ${command}${rest.length > 0 ? " …" : ""}`.trimEnd();
}
