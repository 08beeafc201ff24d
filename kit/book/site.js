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
for (const it of document.querySelectorAll(".scheme"))
	it.addEventListener("click", switchScheme);

// Unfold everything for printing.
addEventListener("beforeprint", () => {
	for (const fold of document.querySelectorAll("details")) fold.open = true;
});

// The live page: the server sends a picture whenever something has changed.
const live = document.querySelector(".live");
function follow() {
	const pictures = new EventSource("live/events");
	const lost = /** @type {HTMLElement} */ (document.querySelector(".lost"));
	pictures.onmessage = ({ data }) => {
		/** @type {Element} */ (live).innerHTML = JSON.parse(data);
	};
	pictures.onopen = () => {
		lost.textContent = "";
	};
	pictures.onerror = () => {
		lost.textContent = "The connection to the book is lost. Trying again.";
		// A browser tries again by itself, unless the answer was unexpected.
		if (pictures.readyState === EventSource.CLOSED) setTimeout(follow, 1000);
	};
}
if (live) {
	const numbers = () =>
		keep(
			"numbers",
			document.documentElement.classList.toggle("without-numbers")
				? "without"
				: "with",
		);
	if (kept("numbers") === "without") numbers();
	button("numbers").onclick = numbers;
	addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
		if (key === "n" && !ctrlKey && !metaKey && !altKey) numbers();
	});
	follow();
}
