// The book's keys. Without this script the book can still be read. With it, `p`
// turns a page into a presentation: one section a screen.

const sections = [...document.querySelectorAll("article > section")];
const deck = /** @type {HTMLElement} */ (document.querySelector(".deck"));

/** The section on the screen; -1 while the page is being read. */
let shown = -1;

/** @param {number} index */
function show(index) {
	if (index < 0) return turn("prev", "#present-end");
	if (index >= sections.length) return turn("next", "#present");
	shown = index;
	document.documentElement.classList.add("presenting");
	deck.hidden = false;
	for (const [at, section] of sections.entries())
		section.classList.toggle("shown", at === index);
	const section = /** @type {HTMLElement} */ (sections[index]);
	section.tabIndex = -1;
	section.focus({ preventScroll: true });
	shrink();
	scrollTo(0, 0);
	button("place").textContent = `${index + 1} / ${sections.length}`;
}

/** Shrinks the type of a section that is taller than the screen. Below a readable size the section scrolls. */
function shrink() {
	const root = document.documentElement;
	for (let size = 1; size >= 0.7; size -= 0.05) {
		root.style.setProperty("--fit", String(size));
		if (root.scrollHeight <= root.clientHeight) return;
	}
}

/**
 * Goes to the page before or after and continues the presentation there.
 * @param {string} which
 * @param {string} hash
 */
function turn(which, hash) {
	const link = document.querySelector(`a[rel=${which}]`);
	if (link instanceof HTMLAnchorElement) location.href = link.href + hash;
}

function present() {
	const onScreen = sections.findIndex(
		(section) => section.getBoundingClientRect().bottom > 120,
	);
	show(Math.max(0, onScreen));
}

function leave() {
	const section = sections[shown];
	shown = -1;
	document.documentElement.classList.remove("presenting");
	deck.hidden = true;
	if (location.hash.startsWith("#present"))
		history.replaceState(null, "", location.pathname + location.search);
	section?.scrollIntoView();
}

/** Scrolls a section that is taller than the screen, and shows the next one at its end. @param {number} way 1 or -1 */
function scrollOrShow(way) {
	const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
	const left = way > 0 ? scrollHeight - clientHeight - scrollTop : scrollTop;
	if (left > 2) scrollBy({ top: way * clientHeight * 0.8 });
	else show(shown + way);
}

/** @type {Record<string, () => void>} */
const keys = {
	ArrowRight: () => show(shown + 1),
	ArrowLeft: () => show(shown - 1),
	PageDown: () => show(shown + 1),
	PageUp: () => show(shown - 1),
	ArrowDown: () => scrollOrShow(1),
	ArrowUp: () => scrollOrShow(-1),
	" ": () => scrollOrShow(1),
	Home: () => show(0),
	End: () => show(sections.length - 1),
	Escape: leave,
	p: leave,
};

document.addEventListener("keydown", (event) => {
	// A key with a modifier belongs to the browser: Ctrl-P prints.
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	if (shown === -1) {
		if (event.key === "p") present();
		return;
	}
	const target = /** @type {Element} */ (event.target);
	if (event.key === " " && target.closest("a, button, summary")) return;
	const act = keys[event.key];
	if (!act) return;
	event.preventDefault();
	act();
});

/** @param {string} id */
function button(id) {
	return /** @type {HTMLElement} */ (document.getElementById(id));
}
button("present").onclick = present;
button("back").onclick = () => show(shown - 1);
button("forth").onclick = () => show(shown + 1);
button("leave").onclick = leave;
/** @type {HTMLElement} */ (document.querySelector(".keys")).hidden = false;

addEventListener("resize", () => {
	if (shown !== -1) shrink();
});

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
if (live) follow();

if (location.hash === "#present") show(0);
if (location.hash === "#present-end") show(sections.length - 1);
