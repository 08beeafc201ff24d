// The board in a browser: shows each change, and has keys.

const live = /** @type {HTMLElement} */ (document.getElementById("live"));
const lost = /** @type {HTMLElement} */ (document.getElementById("lost"));
const page = document.body.dataset.page;

const events = new EventSource(`events/${page}`);
events.onopen = () => {
	lost.textContent = "";
};
events.onerror = () => {
	lost.textContent =
		"The board has ended, or does not answer. Shown is what it said last.";
};
events.onmessage = ({ data }) => show(JSON.parse(data));

/** Replaces the page, and keeps where one is in it. @param {string} html */
function show(html) {
	const focused = document.activeElement?.id;
	const places = [".steps", ".people"].map((name) => [
		name,
		live.querySelector(name)?.scrollTop ?? 0,
	]);
	live.innerHTML = html;
	for (const [name, top] of places)
		live.querySelector(String(name))?.scrollTo(0, Number(top));
	if (focused) document.getElementById(focused)?.focus();
}

/** @param {string} path */
const tell = (path) => fetch(path, { method: "POST" }).catch(() => {});

document.addEventListener("click", ({ target }) => {
	const button = target instanceof Element && target.closest("button");
	if (!button) return;
	if (button.id === "start" && mayStart()) tell("clock");
	if (button.id === "plan") tell("plan");
	if (button.dataset.id) tell(`seen/${button.dataset.id}`);
});

/** A clock that runs is not set back by a slip of the finger. */
function mayStart() {
	const runs = live.querySelector(".clock[title]") !== null;
	return !runs || confirm("Start the plan's clock anew, from 0:00?");
}

/** @type {Record<string, () => void>} */
const keys = {
	t: () => document.getElementById("start")?.click(),
	p: () => document.getElementById("plan")?.click(),
	n: () => location.assign(page === "board" ? "room" : "./"),
	ArrowDown: () => step(1),
	ArrowUp: () => step(-1),
};

document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.altKey || event.metaKey) return;
	const act = keys[event.key];
	if (!act) return;
	event.preventDefault();
	act();
});

/** From one raised hand to the next; where there is none, the list scrolls. @param {number} by */
function step(by) {
	const hands = [...live.querySelectorAll("button.seen")];
	const at = hands.indexOf(/** @type {Element} */ (document.activeElement));
	const next = hands[at < 0 ? (by > 0 ? 0 : hands.length - 1) : at + by];
	if (next instanceof HTMLElement) next.focus();
	else live.querySelector(".people, .steps")?.scrollBy(0, by * 80);
}
