// The presentation: `p` turns a page into slides, one on the screen at a time.

const sections = [...document.querySelectorAll("article > section")];
const root = document.documentElement;
const deck = /** @type {HTMLElement} */ (document.querySelector(".deck"));
const screenful = /** @type {HTMLElement} */ (
	document.querySelector(".slides")
);

/** @type {ReturnType<typeof makeSlides>} */
let slides = [];
/** The slide on the screen; -1 while the page is being read. */
let shown = -1;

/** @param {number} index */
function show(index) {
	if (index < 0) return turn("prev", "#present-end");
	if (index >= slides.length) return turn("next", "#present");
	shown = index;
	for (const [at, { slide }] of slides.entries()) slide.hidden = at !== index;
	slides[index]?.slide.focus({ preventScroll: true });
	button("place").textContent = `${index + 1} / ${slides.length}`;
	showDeck();
}

/** Makes the slides and shows the first one of a section. @param {number} section */
function present(section) {
	root.classList.add("presenting");
	deck.hidden = false;
	setSize(innerWidth, innerHeight);
	slides = makeSlides(sections, screenful);
	const at = slides.findIndex(({ index }) => index >= section);
	show(at === -1 ? slides.length - 1 : at);
	keep("began", kept("began") ?? String(Date.now()));
}

/** The slides' size, in pixels. slides.css gives the type its size by it. @param {number} width @param {number} height */
function setSize(width, height) {
	root.style.setProperty("--width", String(width));
	root.style.setProperty("--height", String(height));
}

function presentFromHere() {
	const onScreen = sections.findIndex(
		(section) => section.getBoundingClientRect().bottom > 120,
	);
	present(Math.max(0, onScreen));
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

function leave() {
	const section = sections[slides[shown]?.index ?? 0];
	shown = -1;
	root.classList.remove("presenting", "blank");
	deck.hidden = true;
	screenful.replaceChildren();
	if (location.hash.startsWith("#present"))
		history.replaceState(null, "", location.pathname + location.search);
	section?.scrollIntoView();
}

/** The buttons fade when nobody uses them. */
let fading = 0;
function showDeck() {
	deck.classList.remove("faded");
	clearTimeout(fading);
	fading = setTimeout(() => deck.classList.add("faded"), 2500);
}

const forth = () => show(shown + 1);
const back = () => show(shown - 1);
const blank = () => root.classList.toggle("blank");

/** @type {Record<string, () => void>} The keys of clickers are among them: PageDown, PageUp, b and the full stop. */
const keys = {
	ArrowRight: forth,
	ArrowLeft: back,
	PageDown: forth,
	PageUp: back,
	ArrowDown: forth,
	ArrowUp: back,
	" ": forth,
	Home: () => show(0),
	End: () => show(slides.length - 1),
	b: blank,
	".": blank,
	s: openSpeaker,
	Escape: leave,
	p: leave,
};

document.addEventListener("keydown", (event) => {
	// A key with a modifier belongs to the browser: Ctrl-P prints.
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	const target = /** @type {Element} */ (event.target);
	if (target.closest("input, textarea, select, [contenteditable]")) return;
	if (speaking) return steer(event);
	if (event.key === "d") return switchScheme();
	if (shown === -1) {
		if (event.key === "p") presentFromHere();
		return;
	}
	if (event.key === " " && target.closest("a, button, summary")) return;
	const act = keys[event.key];
	if (!act) return;
	event.preventDefault();
	act();
});
document.addEventListener("pointermove", showDeck);
deck.addEventListener("focusin", showDeck);

button("present").onclick = presentFromHere;
button("back").onclick = back;
button("forth").onclick = forth;
button("blank").onclick = blank;
button("speaker").onclick = openSpeaker;
button("leave").onclick = leave;

addEventListener("resize", () => {
	if (shown !== -1) present(slides[shown]?.index ?? 0);
});

if (location.hash === "#present") present(0);
if (location.hash === "#present-end") {
	present(0);
	show(slides.length - 1);
}
