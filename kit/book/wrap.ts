/** Lines of a given width. */

import wrapAnsi from "wrap-ansi";

/**
 * Wraps a text to a width. Words stay whole, so that a path or an address can be
 * copied. Scripts without spaces between words, and the cells of a table, break
 * anywhere if necessary.
 */
export function wrap(text: string, width: number, anywhere = false): string[] {
	const spaceless =
		/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
	return wrapAnsi(text.replace(/[ \t]+/g, " "), width, {
		hard: anywhere || spaceless.test(text),
	}).split("\n");
}
