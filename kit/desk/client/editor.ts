/** The editor: CodeMirror with TypeScript's looks. What is in it comes from file.ts. */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import {
	defaultKeymap,
	history,
	historyKeymap,
	indentWithTab,
} from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
	bracketMatching,
	indentOnInput,
	indentUnit,
	syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import {
	Annotation,
	Compartment,
	EditorSelection,
	EditorState,
	type Extension,
} from "@codemirror/state";
import {
	drawSelection,
	EditorView,
	highlightActiveLine,
	highlightActiveLineGutter,
	keymap,
	lineNumbers,
	tooltips,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { diffLines } from "diff";
import { NONCE } from "./nonce.ts";
import { isDark, onTheme } from "./theme.ts";

export interface Editor {
	text(): string;
	/** Shows another file. */
	show(text: string, label: string): void;
	/** Makes the text this one, and leaves the cursor where it is. */
	apply(text: string): void;
	/** Puts the cursor on a line, counted from 1. */
	goTo(line: number): void;
	focus(): void;
	/** What the text's size depends on has changed. */
	measure(): void;
}

/** Marks what the learner has not typed. */
const fromDisk = Annotation.define<boolean>();

/**
 * @param language what the language server adds to a file, by the file's label
 * @param changed told when the learner has changed the text
 */
export function openEditor(
	parent: HTMLElement,
	language: (label: string) => Extension,
	changed: () => void,
	save: () => void,
): Editor {
	const saveNow = () => {
		save();
		return true;
	};
	const theme = new Compartment();
	const dark = () => EditorView.darkTheme.of(isDark());
	const extensions = (label: string): Extension => [
		lineNumbers(),
		highlightActiveLineGutter(),
		history(),
		drawSelection(),
		indentUnit.of("\t"),
		EditorState.tabSize.of(4),
		indentOnInput(),
		bracketMatching(),
		closeBrackets(),
		highlightActiveLine(),
		highlightSelectionMatches(),
		lintGutter(),
		EditorView.lineWrapping,
		javascript({ typescript: true }),
		syntaxHighlighting(classHighlighter),
		EditorView.cspNonce.of(NONCE),
		// In the page's corner, so that the panes do not cut them off.
		tooltips({ parent: document.body }),
		EditorView.contentAttributes.of({
			"aria-label": label,
			spellcheck: "false",
		}),
		theme.of(dark()),
		keymap.of([
			{ key: "Mod-s", run: saveNow, preventDefault: true },
			...closeBracketsKeymap,
			...defaultKeymap,
			...searchKeymap,
			...historyKeymap,
			...lintKeymap,
			indentWithTab,
		]),
		EditorView.updateListener.of(({ docChanged, transactions }) => {
			const isOwn = transactions.some((it) => it.annotation(fromDisk));
			if (docChanged && !isOwn) changed();
		}),
		language(label),
	];
	const view = new EditorView({ parent });
	onTheme(() => view.dispatch({ effects: theme.reconfigure(dark()) }));

	return {
		text: () => view.state.doc.toString(),
		show(text, label) {
			view.setState(
				EditorState.create({ doc: text, extensions: extensions(label) }),
			);
		},
		apply(text) {
			view.dispatch({
				changes: changesTo(view.state.doc.toString(), text),
				annotations: fromDisk.of(true),
			});
		},
		goTo(number) {
			const { doc } = view.state;
			const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
			const start = line.from + line.text.search(/\S|$/);
			view.dispatch({
				selection: EditorSelection.cursor(start),
				effects: EditorView.scrollIntoView(start, { y: "center" }),
			});
			view.focus();
		},
		focus: () => view.focus(),
		measure: () => view.requestMeasure(),
	};
}

/** The changed lines alone: the cursor stays in those that are the same. */
function changesTo(before: string, after: string) {
	const changes: { from: number; to: number; insert: string }[] = [];
	let at = 0;
	for (const { value, added, removed } of diffLines(before, after)) {
		if (added) changes.push({ from: at, to: at, insert: value });
		else at += value.length;
		if (removed) changes.push({ from: at - value.length, to: at, insert: "" });
	}
	return changes;
}
