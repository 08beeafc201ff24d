/** The desk: what all tabs share, and what each of their messages does. */

import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { giveOpinion, raiseHand, tellClass } from "../../class/tell.ts";
import { onSave } from "../../grader/on-save.ts";
import { HOME, listSteps, type Step } from "../../steps/catalog.ts";
import { stateOf } from "../../steps/progress.ts";
import type { FileState, FromDesk, Hello, ToDesk } from "../protocol.ts";
import { classAtHand } from "./class.ts";
import { FileError, readStep, saveStep, stepOf } from "./files.ts";
import type { Grading } from "./grading.ts";
import { askAgain, diffOf, hintsOf, nextHint, stepInfos } from "./lesson.ts";
import { keepPlace, readPlace } from "./place.ts";
import { MOST_TERMINALS, type Terminals } from "./terminals.ts";
import { openVerdicts } from "./verdicts.ts";

/** How often the desk looks for what no message tells: progress made in a terminal, a mount over /proc. */
const LOOK_MS = 1000;

/** What a message may have at most, in bytes. */
export const LIMITS = {
	desk: 256 * 1024,
	terminal: 64 * 1024,
	lsp: 1024 * 1024,
	terminals: MOST_TERMINALS,
};

/** One tab's connection. */
export interface Tab {
	send(message: ToDesk): void;
	/** The id of the step that it shows. */
	step?: string;
}

export interface Desk {
	connect(tab: Tab): void;
	leave(tab: Tab): void;
	receive(tab: Tab, message: FromDesk): void;
	/** The terminals have changed. */
	terminalsChanged(): void;
	close(): void;
}

/**
 * @param run names this run of the server, and `build` the page's bundle
 * @param notice what a tab is told first: why the desk began again
 */
export function openDesk(
	terminals: Terminals,
	grading: Grading,
	{ run, build }: { run: string; build: string },
	notice?: string,
): Desk {
	const tabs = new Set<Tab>();
	/** The version of each step's file that the tabs have been told of. */
	const told = new Map<string, string>();
	/** The steps whose difference was asked for once. */
	const asked = new Set<string>();
	/** The last message of a type that all tabs were told, as JSON. */
	const last = new Map<ToDesk["type"], string>();
	let procCovered = false;

	const tellAll = (message: ToDesk) => {
		for (const tab of tabs) tab.send(message);
	};
	const tellStep = (id: string, message: ToDesk, but?: Tab) => {
		for (const tab of tabs)
			if (tab.step === id && tab !== but) tab.send(message);
	};
	const verdicts = openVerdicts(grading, (id, message) => {
		tellStep(id, message);
		if (message.type !== "verdict") return;
		tellSteps();
		tellClass();
	});
	const tellIfNew = (message: ToDesk) => {
		const text = JSON.stringify(message);
		if (last.get(message.type) === text) return;
		last.set(message.type, text);
		tellAll(message);
	};
	const tellSteps = () => tellIfNew({ type: "steps", steps: stepInfos() });
	const tellOfClass = () => tellIfNew(classAtHand());
	const tellTerminals = () =>
		tellIfNew({ type: "terminals", terminals: terminals.list() });

	/** Someone has changed a file: this desk's editor, which has told of it, or another one. */
	const changed = (step: Step) => {
		const file = fileState(step, "outside");
		if (!file || told.get(step.id) === file.version) return;
		told.set(step.id, file.version);
		tellStep(step.id, file);
		tellSteps();
		if (tabs.size > 0) verdicts.grade(step);
	};
	const stopWatching = onSave(listSteps(), changed);

	const timer = setInterval(() => {
		if (tabs.size === 0) return;
		tellSteps();
		tellOfClass();
		tellTerminals();
		if (procCovered === isProcCovered()) return;
		procCovered = !procCovered;
		tellAll({
			type: "notice",
			text: procCovered
				? "Something is mounted over the dev container's /proc, and commands that read it fail. Unmount it in a terminal: umount /proc"
				: "The dev container's /proc is back.",
		});
	}, LOOK_MS);

	const save = (tab: Tab, step: Step, text: string, version: string) => {
		const before = Date.now();
		const after = saveStep(step, text, version);
		if (after.text !== text)
			return tab.send({ type: "conflict", step: step.id, ...after });
		told.set(step.id, after.version);
		tab.send({ type: "file", step: step.id, why: "saved", ...after });
		const others = { type: "file", step: step.id, why: "outside" } as const;
		tellStep(step.id, { ...others, ...after }, tab);
		tellSteps();
		verdicts.grade(step, before);
	};

	const act = (tab: Tab, message: FromDesk) => {
		switch (message.type) {
			case "openTerminal": {
				const { name, columns, rows } = message;
				const { id } = terminals.open(name, columns, rows);
				tab.send({
					type: "terminals",
					terminals: terminals.list(),
					opened: id,
				});
				return;
			}
			case "closeTerminal":
				return terminals.find(message.id)?.close();
			case "place":
				return keepPlace(message.place);
		}
		const step = stepOf(message.step);
		if (!step) return;
		switch (message.type) {
			case "open": {
				tab.step = step.id;
				const file = fileState(step, "opened");
				if (file) told.set(step.id, file.version);
				if (file) tab.send(file);
				tab.send(hintsOf(step));
				return verdicts.tell(step, tab.send);
			}
			case "save":
				return save(tab, step, message.text, message.version);
			case "grade":
				return verdicts.grade(step);
			case "hint":
				tellStep(step.id, nextHint(step));
				return tellClass();
			case "hand":
				raiseHand(step, message.up);
				return tellOfClass();
			case "opinion":
				giveOpinion(step, message.opinion);
				return tellOfClass();
			case "diff": {
				const may = stateOf(step) === "done" || asked.has(step.id);
				asked.add(step.id);
				return tab.send(may ? diffOf(step) : askAgain(step));
			}
		}
	};

	return {
		connect(tab) {
			tabs.add(tab);
			grading.prepare();
			const hello: Hello = {
				type: "hello",
				run,
				build,
				project: join(HOME, "kit/desk/server/project"),
				steps: stepInfos(),
				terminals: terminals.list(),
				limits: LIMITS,
				place: readPlace(),
			};
			tab.send(hello);
			tab.send(classAtHand());
			if (notice) tab.send({ type: "notice", text: notice });
			notice = undefined;
		},
		leave: (tab) => void tabs.delete(tab),
		receive(tab, message) {
			try {
				act(tab, message);
			} catch (error) {
				const { message: text } = error as Error;
				tab.send({ type: "refused", of: message.type, text });
			}
		},
		terminalsChanged: tellTerminals,
		close() {
			clearInterval(timer);
			stopWatching();
		},
	};
}

/** Undefined where the file can't be read: what the desk's editor has, it keeps. */
function fileState(step: Step, why: FileState["why"]): FileState | undefined {
	try {
		return { type: "file", step: step.id, why, ...readStep(step) };
	} catch (error) {
		if (why === "opened" || !(error instanceof FileError)) throw error;
		return undefined;
	}
}

/** Whether /proc is no longer that of the dev container. */
function isProcCovered(): boolean {
	try {
		return readlinkSync("/proc/self") !== String(process.pid);
	} catch {
		return true;
	}
}
