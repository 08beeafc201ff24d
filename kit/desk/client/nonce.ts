/**
 * The page's policy allows <style> elements with this page's nonce alone, and no
 * style attributes in markup. CodeMirror asks for the nonce. xterm does not.
 */

import { byId } from "./dom.ts";

export const NONCE = byId<HTMLScriptElement>("script").nonce;

/** Makes xterm's styles allowed ones: its <style> elements, and the attributes with which it colours letters. */
export function allowStyles(): void {
	const create = document.createElement.bind(document);
	document.createElement = ((
		name: string,
		options?: ElementCreationOptions,
	) => {
		const element = create(name, options);
		if (element instanceof HTMLStyleElement) element.nonce = NONCE;
		return element;
	}) as typeof document.createElement;
	const set = Element.prototype.setAttribute;
	HTMLSpanElement.prototype.setAttribute = function (name, value) {
		if (name === "style") this.style.cssText = value;
		else set.call(this, name, value);
	};
}
