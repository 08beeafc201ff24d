/** A desk in a process of its own, and what its page says to it, for the bench. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { WebSocket } from "ws";
import { launch } from "./subjects.ts";

export interface Desk {
	process: ChildProcess;
	open(path: string): WebSocket;
	end(): Promise<void>;
}

export async function startDesk(kit: string): Promise<Desk> {
	const [program = "", ...words] = launch("desk", "--port", "0");
	const desk = spawn(program, words, {
		cwd: kit,
		stdio: ["ignore", "pipe", "ignore"],
	});
	const ended = once(desk, "exit");
	let said = "";
	for await (const text of desk.stdout) {
		said += text;
		if (said.includes("Ctrl-C")) break;
	}
	const address = new URL(/http:\S+/.exec(said)?.[0] ?? "");
	const { origin, host } = address;
	const entry = await fetch(address, { redirect: "manual" });
	const [cookie = ""] = entry.headers.get("set-cookie")?.split(";") ?? [];
	for (const path of ["/", "/desk.css", "/desk.js"])
		await (await fetch(origin + path, { headers: { cookie } })).arrayBuffer();
	return {
		process: desk,
		open: (path) =>
			new WebSocket(`ws://${host}${path}`, { headers: { cookie }, origin }),
		async end() {
			desk.kill();
			await ended;
		},
	};
}

export interface Tab {
	say(message: object): void;
	/** The next message of a type, after those that were read. */
	// biome-ignore lint/suspicious/noExplicitAny: kit/desk/protocol.ts, which is above this room, says what it has
	next(type: string): Promise<any>;
}

export async function openTab(desk: Desk): Promise<Tab> {
	const socket = desk.open("/desk");
	const messages: { type: string; text?: string }[] = [];
	let wake = () => {};
	socket.on("message", (data) => {
		messages.push(JSON.parse(String(data)));
		wake();
	});
	await once(socket, "open");
	return {
		say: (message) => say(socket, message),
		async next(type) {
			for (;;) {
				const message = messages.shift();
				if (message?.type === type) return message;
				if (message?.type === "refused") throw new Error(message.text);
				if (message) continue;
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
			}
		},
	};
}

export function say(socket: WebSocket, message: object): void {
	socket.send(JSON.stringify(message));
}

/** @returns the terminal's id */
export async function openTerminal(tab: Tab): Promise<string> {
	tab.say({ type: "openTerminal", name: "bench", columns: 80, rows: 24 });
	for (;;) {
		const { opened } = await tab.next("terminals");
		if (opened !== undefined) return opened;
	}
}
