/** TypeScript's language server in the editor: completions, hover, errors while typing. */

import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import {
	hoverTooltips,
	LSPClient,
	LSPPlugin,
	serverCompletion,
	signatureHelp,
} from "@codemirror/lsp-client";
import type { Extension } from "@codemirror/state";
import { keymap, ViewPlugin } from "@codemirror/view";
import { openSocket } from "./socket.ts";

/** A message of the language server; only what is read here. */
interface Message {
	id?: number | string;
	method?: string;
	params?: { items?: unknown[] };
}

interface Position {
	line: number;
	character: number;
}
interface Report {
	items?: {
		range: { start: Position; end: Position };
		severity?: number;
		message: string;
		code?: number | string;
	}[];
}

const [ERROR, WARNING] = [1, 2];
/** This long after the last key the errors are asked for. */
const PAUSE_MS = 250;

/** Connects to the language server. @returns what it adds to a file */
export function openLanguage(): (uri: string) => Extension {
	const client = new LSPClient({
		rootUri: undefined,
		timeout: 10_000,
		extensions: [serverCompletion(), hoverTooltips(), signatureHelp()],
		// The server tells its own log, which is not the learner's.
		notificationHandlers: { "window/logMessage": () => true },
		unhandledNotification: () => {},
	});
	let receive = (_: string) => {};
	const socket = openSocket("/lsp", {
		opened: () =>
			client.connect({
				send: (message) => {
					if (!socket.send(message)) throw new Error("not connected");
				},
				subscribe: (handler) => {
					receive = handler;
				},
				unsubscribe: () => {
					receive = () => {};
				},
			}),
		received(data) {
			const message: Message = JSON.parse(String(data));
			const isRequest = message.id !== undefined && message.method;
			if (isRequest) socket.send(answer(message));
			else receive(String(data));
		},
		lost: () => client.disconnect(),
	});
	// Another tab took the language server: the one in use has it.
	addEventListener("focus", () => socket.reconnect());

	return (uri) => [
		client.plugin(uri, "typescript"),
		autocompletion(),
		keymap.of(completionKeymap),
		checker(client),
	];
}

/** The server asks for settings, and to be told of changed files. There is nothing to set. */
function answer({ id, method, params }: Message): string {
	const result =
		method === "workspace/configuration"
			? (params?.items ?? []).map(() => null)
			: null;
	return JSON.stringify({ jsonrpc: "2.0", id, result });
}

/** Asks for the file's errors after each change: this server does not send them by itself. */
function checker(client: LSPClient): Extension {
	return ViewPlugin.define((view) => {
		let timer = 0;
		let stopped = false;
		const later = () => {
			clearTimeout(timer);
			timer = window.setTimeout(check, PAUSE_MS);
		};
		const check = async () => {
			try {
				await client.initializing;
				const plugin = LSPPlugin.get(view);
				if (stopped || !plugin) return;
				client.sync();
				const { doc } = view.state;
				const report = await client.request<unknown, Report>(
					"textDocument/diagnostic",
					{ textDocument: { uri: plugin.uri } },
				);
				// An answer on an older text comes too late: the next one is under way.
				if (stopped || view.state.doc !== doc) return;
				view.dispatch(
					setDiagnostics(view.state, diagnosticsOf(report, plugin)),
				);
			} catch {
				if (!stopped) timer = window.setTimeout(check, 2000);
			}
		};
		later();
		return {
			update: ({ docChanged }) => {
				if (docChanged) later();
			},
			destroy() {
				stopped = true;
				clearTimeout(timer);
			},
		};
	});
}

function diagnosticsOf({ items }: Report, plugin: LSPPlugin): Diagnostic[] {
	const { doc } = plugin.view.state;
	return (items ?? [])
		.filter(({ severity = ERROR }) => severity <= WARNING)
		.map(({ range, severity, message, code }) => ({
			from: plugin.fromPosition(range.start, doc),
			to: plugin.fromPosition(range.end, doc),
			severity: severity === WARNING ? "warning" : "error",
			message,
			source: code === undefined ? "TypeScript" : `TypeScript ${code}`,
		}));
}

/** The name of a step's file for the language server. */
export function uriOf(project: string, step: string): string {
	return `file://${encodeURI(project)}/steps/${step}/container.ts`;
}
