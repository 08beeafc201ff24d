/**
 * What the desk's page and its server say to each other. Types only: the client
 * imports them with `import type`, and nothing of this is in its bundle.
 *
 * Documents, all GET or HEAD, all but the first with the cookie:
 *
 *   /?key=KEY         exchanges the key for a cookie, and leads to /
 *   /                 the desk: Bundle.html
 *   /desk.js          Bundle.js
 *   /desk.css         Bundle.css
 *   /page/ID          the page of a step ("03-hostname"), or "00-start", "next", "instructor":
 *                     its <article>, to be put into the desk. 404 where there is none
 *   /index.html, /ID.html, /live
 *                     the book, as `npm run book` has it
 *   /live/events      the picture of the running container: server-sent events, each with one
 *                     JSON string of HTML: an <svg>, and a <p role="status"> with the two
 *                     sentences on what is the container's own and what is shared
 *
 * WebSockets, all with the cookie and the desk's own Origin:
 *
 *   /desk             text frames, each one FromDesk (to the server) or ToDesk (to the page)
 *   /terminal/ID      binary frames: what was typed (to the server), what the terminal shows (to
 *                     the page). Text frames: FromTerminal and ToTerminal
 *   /lsp              text frames, each the body of one JSON-RPC message of TypeScript's language
 *                     server: files are named file://PROJECT/steps/ID/container.ts, see Hello.project
 *
 * A socket ends with one of the codes in Closed. On any other code the page connects again.
 */

import type { Opinion } from "../class/member.ts";
import type { StepResult } from "../grader/results.ts";
import type { State } from "../steps/progress.ts";

/** What the client's build makes, and the server serves from memory. */
export interface Bundle {
	/** Has `__NONCE__` where the nonce for its <style> elements belongs; the policy allows no other inline style, and no inline script. */
	html: string;
	js: Uint8Array;
	css: Uint8Array;
}

/** Why the server ended a socket for good. */
export type Closed =
	/** Another tab has this terminal, or the language server, now. It can be taken back by connecting again. */
	| 4001
	/** There is no such terminal, or no longer: its shell has ended. */
	| 4004
	/** There are too many connections. */
	| 4008
	/** The message was too large. This is WebSocket's own code. */
	| 1009
	/** The message was none of the protocol. Likewise. */
	| 1008;

/** The most that a message may have, in bytes. A file's text, and what is pasted at once, must fit. */
export interface Limits {
	/** A text frame of /desk: 262,144. */
	desk: number;
	/** A frame of /terminal/ID: 65,536. Longer pastes go in several. */
	terminal: number;
	/** A text frame of /lsp: 1,048,576. */
	lsp: number;
	/** 8 */
	terminals: number;
}

// ---- /desk ----------------------------------------------------------------

export type ToDesk =
	| Hello
	| { type: "steps"; steps: StepInfo[] }
	| FileState
	| Conflict
	| { type: "grading"; step: string }
	| Verdict
	| Hints
	| Diff
	| Class
	/** `opened` is the id of the terminal that this page has asked for. */
	| { type: "terminals"; terminals: TerminalInfo[]; opened?: string }
	/** What the learner should know: the desk began again, the disk is full. A sentence or two, to be shown until it is closed. */
	| { type: "notice"; text: string }
	/** A request could not be done. `of` is the request's type. */
	| { type: "refused"; of: FromDesk["type"]; text: string };

/** The first message on each connection. */
export interface Hello {
	type: "hello";
	/** Changes when the server was started anew: then its terminals are gone, and the page reloads itself if `build` changed. */
	run: string;
	/** Changes with the bundle. */
	build: string;
	/** The folder under which the language server knows the steps: "/workshop/kit/desk/server/project". It is not where they lie on the disk. */
	project: string;
	steps: StepInfo[];
	terminals: TerminalInfo[];
	limits: Limits;
	/** Where the learner was; undefined at the first visit. */
	place?: Place;
}

export interface StepInfo {
	/** "03-hostname" */
	id: string;
	number: number;
	name: string;
	/** "A host name of its own" */
	title: string;
	/** Its part: 1, 2. */
	part: number;
	/** "Part 2 · A container to trust" */
	partTitle: string;
	state: State;
}

/** The step's container.ts as it is on the disk: after `open`, after a save, and when it was changed outside. */
export interface FileState {
	type: "file";
	step: string;
	/** Names the text. "missing" where there is no file. */
	version: string;
	/** Empty where there is no file. */
	text: string;
	/** "saved" answers this page's `save`: the text is the one that it sent. */
	why: "opened" | "saved" | "outside";
}

/** The answer to a `save` that was based on another text than the disk has. Nothing was written. */
export interface Conflict {
	type: "conflict";
	step: string;
	/** The disk's: a `save` with this version overwrites it. */
	version: string;
	text: string;
}

/** What the last grading of a step found. Kept while its text stays the same, and sent after `open`, too. */
export interface Verdict {
	type: "verdict";
	step: string;
	result: StepResult;
	/** Of a step that is not begun: the titles of what will be asked of it. */
	asked?: string[];
	/** The version of the file that was graded. */
	version: string;
	/** Milliseconds from the save to the verdict. */
	took: number;
}

/** The hints that were given so far, as HTML. Sent after `open` and `hint`. */
export interface Hints {
	type: "hints";
	step: string;
	given: string[];
	of: number;
}

/** The answer to `diff`. */
export interface Diff {
	type: "diff";
	step: string;
	/** Undefined at the first request before the step passes: `text` says to ask again. Empty where the file is the reference. */
	lines?: DiffLine[];
	text: string;
}

export interface DiffLine {
	/** "-" is the learner's, "+" the reference's. */
	mark: "-" | "+" | " ";
	text: string;
}

/** Whether the learner has joined a class. Sent after `hello`, and when it changes. */
export interface Class {
	type: "class";
	/** Undefined for whoever is in no class: all else is then empty. */
	name?: string;
	/** That one has joined, and exactly what is sent. Empty where nothing is. */
	words: string;
	/** Whether the learner's hand is up. */
	hand: boolean;
	/** How steps were, by their ids. */
	opinions: Record<string, Opinion>;
}

export interface TerminalInfo {
	id: string;
	/** "dev container", "container", or what the page named it. */
	name: string;
	/** The number of the step whose container runs in it, if one does. */
	step?: number;
}

export type FromDesk =
	/** This tab shows a step: sends `file`, `hints`, and `verdict` or `grading`. From now on its saves are graded. */
	| { type: "open"; step: string }
	/** `version` is that of the text on which this one is based. Answered by `file`, `conflict` or `refused`. */
	| { type: "save"; step: string; text: string; version: string }
	/** Grades now, without a save. */
	| { type: "grade"; step: string }
	/** Gives the next hint. */
	| { type: "hint"; step: string }
	| { type: "diff"; step: string }
	/** Opens a shell in the dev container. Answered by `terminals`, or by `refused` where there are eight. */
	| { type: "openTerminal"; name: string; columns: number; rows: number }
	/** Ends the shell and all that runs in it. */
	| { type: "closeTerminal"; id: string }
	/** Raises the learner's hand in the class, or takes it down. */
	| { type: "hand"; step: string; up: boolean }
	/** Says to the class how the step was. */
	| { type: "opinion"; step: string; opinion: Opinion }
	/** Keeps where the learner is, for the next visit. */
	| { type: "place"; place: Place };

/**
 * Where the learner is. Kept by the server in steps/, over its restarts. The
 * client adds what it likes; the whole is at most 4 kB as JSON.
 */
export interface Place {
	/** The open step's id. */
	step: string;
	[more: string]: unknown;
}

// ---- /terminal/ID ---------------------------------------------------------

export type FromTerminal =
	| { type: "resize"; columns: number; rows: number }
	/**
	 * How many bytes of this connection's binary frames the page has shown, in
	 * all. The server holds the output back while more than 256 kB are not
	 * acknowledged; a page acknowledges each 64 kB at the latest.
	 */
	| { type: "ack"; bytes: number };

export type ToTerminal =
	/** The first frame: the next `replay` bytes were shown before; what they ask of the terminal (its colours, its cursor) must not be answered. */
	| { type: "begin"; replay: number }
	/** The shell has ended, with this status. The socket closes with 4004. */
	| { type: "ended"; status: number };
