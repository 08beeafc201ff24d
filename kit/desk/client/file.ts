/** Keeps the editor and the file on the disk the same. The disk is the truth; where both have changed, it asks. */

import { lineDiff } from "../line-diff.ts";
import type { Desk } from "./desk.ts";
import { showDiff } from "./diff.ts";
import { byId, make, makeButton } from "./dom.ts";
import type { Editor } from "./editor.ts";

/** This long after the last key the text is saved. */
const PAUSE_MS = 700;

/** What the disk has, as far as this page knows. */
interface OnDisk {
	step: string;
	version: string;
	text: string;
}

export interface File {
	/** The learner has typed. */
	changed(): void;
	/** Saves now. */
	save(): void;
}

/** @param typeCommand types a command into the dev container's terminal */
export function keepFile(
	desk: Desk,
	editor: () => Editor,
	typeCommand: (command: string) => void,
): File {
	const status = byId("file-status");
	const question = byId("question");
	/** Unsaved texts of steps that are not open, and what they are based on. */
	const drafts = new Map<string, { disk: OnDisk; text: string }>();
	let disk: OnDisk | undefined;
	let timer = 0;
	/** Whether a save waits for its answer, or the learner for a choice. */
	let saving = false;
	let asking = false;

	const isDirty = () => disk !== undefined && editor().text() !== disk.text;
	const say = (text: string) => {
		status.textContent = text;
	};

	function changed(): void {
		if (asking) return;
		say("Not saved yet");
		clearTimeout(timer);
		timer = window.setTimeout(save, PAUSE_MS);
	}

	function save() {
		clearTimeout(timer);
		if (!disk || saving || asking) return;
		if (!isDirty()) return say(disk.version === "missing" ? "" : "Saved");
		saving = send(editor().text(), disk.version);
		if (!saving) say("Not saved: the desk is not connected");
	}

	function send(text: string, version: string): boolean {
		const { step = "" } = disk ?? {};
		return desk.send({ type: "save", step, text, version });
	}

	/** The disk has this text now, and this page did not write it. */
	function take(theirs: OnDisk) {
		const clean = !isDirty();
		const before = disk?.version;
		const same = editor().text() === theirs.text;
		saving = false;
		if (theirs.version === "missing" && before !== "missing")
			return askAboutMissing(theirs);
		// Of the same version, what differs was typed here and never arrived there.
		if (!same && !clean && theirs.version !== before) return ask(theirs);
		if (!same && clean) editor().apply(theirs.text);
		settle(theirs);
	}

	function settle(now: OnDisk): void {
		disk = now;
		asking = false;
		question.replaceChildren();
		if (isDirty()) changed();
		else say("Saved");
	}

	function ask(theirs: OnDisk): void {
		asking = true;
		say("Not saved");
		const compare = () => {
			const lines = lineDiff(editor().text(), theirs.text);
			const text = "− is your text here, + is the file on the disk.";
			showDiff("Your text and the file", { lines, text });
		};
		show(
			"This file was changed outside while you were typing here.",
			makeButton("Keep what is here", () => {
				disk = theirs;
				asking = false;
				question.replaceChildren();
				save();
				editor().focus();
			}),
			makeButton("Take the file", () => {
				editor().apply(theirs.text);
				settle(theirs);
				editor().focus();
			}),
			makeButton("Compare", compare),
		);
	}

	function askAboutMissing(theirs: OnDisk): void {
		asking = true;
		const number = desk.step()?.number;
		const kept = editor().text();
		say("There is no such file");
		const reset = makeButton(`Type npm run reset ${number}`, () =>
			typeCommand(`npm run reset ${number}`),
		);
		if (kept === "") {
			disk = theirs;
			asking = false;
			show("This step has no container.ts.", reset);
			return;
		}
		show(
			"The file is gone from the disk.",
			makeButton("Write it again", () => {
				disk = theirs;
				asking = false;
				question.replaceChildren();
				save();
			}),
			reset,
		);
	}

	function show(text: string, ...buttons: HTMLElement[]): void {
		question.replaceChildren(
			make("p", { role: "alert", className: "question" }, text, ...buttons),
		);
	}

	desk.onStep(({ id }) => {
		clearTimeout(timer);
		if (disk?.step === id) return;
		if (disk && isDirty()) {
			drafts.set(disk.step, { disk, text: editor().text() });
			if (!asking && !saving) save();
		}
		disk = undefined;
		saving = asking = false;
		question.replaceChildren();
		byId("file-name").textContent = `steps/${id}/container.ts`;
		say("");
	});
	desk.on("file", ({ step, version, text, why }) => {
		const now = { step, version, text };
		const draft = drafts.get(step);
		if (draft?.text === text) drafts.delete(step);
		if (step !== desk.step()?.id) return;
		if (disk?.step !== step) {
			editor().show(draft?.text ?? text, step);
			disk = draft?.disk ?? { step, version: "", text };
			drafts.delete(step);
			return take(now);
		}
		if (why !== "saved") return take(now);
		saving = false;
		settle(now);
	});
	desk.on("conflict", ({ step, version, text }) => {
		saving = false;
		if (step === disk?.step) take({ step, version, text });
	});
	desk.on("refused", ({ of, text }) => {
		if (of !== "save") return;
		saving = false;
		say(`Not saved: ${text}`);
	});
	const flush = () => save();
	addEventListener("pagehide", flush);
	addEventListener("blur", flush);
	addEventListener("beforeunload", (event) => {
		save();
		if (isDirty() && !saving) event.preventDefault();
	});
	return { changed, save };
}
