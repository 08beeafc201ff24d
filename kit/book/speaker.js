// biome-ignore-all lint/correctness/noUnusedVariables: in a page, site.js, slides.js, deck.js and speaker.js are one script
// The speaker's window: the clock, the instructor's notes, this slide and the
// next. It asks the presentation where it is, and so survives a turn to another page.

const speaking = location.hash === "#speaker" && opener !== null;
const ASK_MS = 300;

function openSpeaker() {
	open(
		`${location.pathname}#speaker`,
		"speaker",
		"popup,width=1100,height=760",
	);
}

/** Passes the keys that turn slides on to the presentation. @param {KeyboardEvent} event */
function steer(event) {
	if (event.key === "Escape") return close();
	if (!(event.key in keys) || /^[ps]$/.test(event.key)) return;
	event.preventDefault();
	opener.postMessage({ key: event.key }, "*");
}

/** The presentation answers where it is and what it shows, and does what a key means. @param {MessageEvent} event */
function answer({ data, source, origin }) {
	if (shown === -1 || !source || origin !== self.origin) return;
	if (typeof data !== "object" || !data) return;
	if (typeof data.key === "string") keys[data.key]?.();
	const place = {
		page: location.pathname,
		shown,
		of: slides.length,
		section: slides[shown]?.index ?? 0,
		began: kept("began"),
		width: innerWidth,
		height: innerHeight,
		// The slides themselves: this window's fonts could cut the page elsewhere.
		html: [shown, shown + 1].map((at) => slides[at]?.slide.innerHTML),
	};
	source.postMessage(place, { targetOrigin: "*" });
}

/** What the presentation answered last. */
let place = {
	shown: -1,
	of: 0,
	section: 0,
	began: "",
	width: 0,
	height: 0,
	html: [""],
};

/** @param {MessageEvent} event */
function update({ data, source, origin }) {
	if (source !== opener || origin !== self.origin) return;
	if (typeof data?.shown !== "number") return;
	if (data.page !== location.pathname) return goTo(String(data.page));
	const turned = data.html.join() !== place.html.join();
	place = data;
	setSize(place.width, place.height);
	const scale = (/** @type {number} */ part) =>
		String((innerWidth * part) / place.width);
	root.style.setProperty("--now", scale(0.5));
	root.style.setProperty("--next", scale(0.36));
	if (turned) draw();
}

/** Follows the presentation to another page of the book. @param {string} page */
function goTo(page) {
	const name = page.split("/").at(-1) ?? "";
	if (/^[\w-]*(\.html)?$/.test(name))
		location.replace(new URL(`./${name}#speaker`, location.href));
}

function draw() {
	screenful.replaceChildren(
		...place.html.flatMap((html, at) => {
			if (!html) return [];
			const slide = document.createElement("section");
			slide.className = at === 0 ? "slide now" : "slide";
			slide.innerHTML = html;
			return [slide];
		}),
	);
	const section = sections[place.section];
	const notes = [document.querySelector(".notes"), section].map((it) => {
		const copy = /** @type {HTMLElement | undefined} */ (it?.cloneNode(true));
		for (const inner of copy?.querySelectorAll("[id]") ?? [])
			inner.removeAttribute("id");
		if (copy) copy.hidden = false;
		return copy ?? "";
	});
	button("said").replaceChildren(...notes);
}

function tick() {
	const began = Number(place.began);
	const minutes = began ? Math.floor((Date.now() - began) / 60_000) : 0;
	const now = new Date().toLocaleTimeString([], {
		hour: "2-digit",
		minute: "2-digit",
	});
	button("clock").textContent =
		`${now} · ${minutes} min · ${place.shown + 1} / ${place.of}`;
	if (opener?.closed) close();
	else opener.postMessage({ ask: true }, "*");
}

if (speaking) {
	root.classList.add("speaking", "presenting");
	button("lectern").hidden = false;
	addEventListener("message", update);
	setInterval(tick, ASK_MS);
	tick();
} else addEventListener("message", answer);
