/** The page's policy allows <style> elements with this page's nonce alone. CodeMirror is given it; xterm does not ask for one. */

import { byId } from "./dom.ts";

export const NONCE = byId<HTMLScriptElement>("script").nonce;

/** Gives each <style> that a script makes from now on the nonce. */
export function giveNonceToStyles(): void {
	const create = document.createElement.bind(document);
	document.createElement = ((
		name: string,
		options?: ElementCreationOptions,
	) => {
		const element = create(name, options);
		if (element instanceof HTMLStyleElement) element.nonce = NONCE;
		return element;
	}) as typeof document.createElement;
}
