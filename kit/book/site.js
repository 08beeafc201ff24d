// biome-ignore-all lint/correctness/noUnusedVariables: in a page, site.js, slides.js, deck.js and speaker.js are one script
// The book's script. Without it the book can still be read.

/** @param {string} id */
function button(id) {
	return /** @type {HTMLElement} */ (document.getElementById(id));
}
/** @type {HTMLElement} */ (document.querySelector(".keys")).hidden = false;

/** What this browser keeps from page to page. A browser may refuse. @param {string} name */
function kept(name) {
	try {
		return localStorage.getItem(`book-${name}`);
	} catch {
		return null;
	}
}

/** @param {string} name @param {string} value */
function keep(name, value) {
	try {
		localStorage.setItem(`book-${name}`, value);
	} catch {}
}

// Light or dark: the system's choice, until the reader makes another.
const scheme = kept("scheme");
if (scheme) document.documentElement.dataset.scheme = scheme;
function switchScheme() {
	const { dataset } = document.documentElement;
	const dark = dataset.scheme
		? dataset.scheme === "dark"
		: matchMedia("(prefers-color-scheme: dark)").matches;
	dataset.scheme = dark ? "light" : "dark";
	keep("scheme", dataset.scheme);
}
/** @type {HTMLElement} */ for (const it of document.querySelectorAll(
	".scheme",
))
	it.onclick = switchScheme;
