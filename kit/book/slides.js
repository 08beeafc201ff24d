// biome-ignore-all lint/correctness/noUnusedVariables: in a page, site.js, slides.js, deck.js and speaker.js are one script
// Makes slides of a page: what is marked for the room, cut to the size of the
// screen. A slide is never taller than the screen, and nothing is left out.

/** What a slide shows of a section even if it is not marked. */
const ALWAYS = "h1, h2, h3, figure, .facts, .goal, .calls, .cards";
/** A page without any mark is shown whole. */
const marked = document.querySelector("article .in-room") !== null;

/**
 * The slides of all sections, each with its section's index. They have to be on the screen while they are made: they are measured.
 * @param {Element[]} sections
 * @param {HTMLElement} screen
 */
function makeSlides(sections, screen) {
	screen.replaceChildren();
	return sections.flatMap((section, index) =>
		slidesOf(blocksOf(section), screen).map((slide) => ({ slide, index })),
	);
}

/** Copies of a section's blocks that are for the room. Empty if there is only a heading. @param {Element} section */
function blocksOf(section) {
	/** @type {Element[]} */
	const blocks = [];
	// A section without a mark is for home.
	if (
		marked &&
		!section.matches(".opening") &&
		!section.querySelector(".in-room")
	)
		return blocks;
	for (const child of section.children) {
		if (child.matches(ALWAYS) || !marked)
			blocks.push(/** @type {Element} */ (child.cloneNode(true)));
		else if (child.matches("div.in-room"))
			for (const inner of child.children)
				blocks.push(/** @type {Element} */ (inner.cloneNode(true)));
		else if (!child.matches("details") && child.querySelector(".in-room"))
			blocks.push(sentencesOf(child));
	}
	for (const block of blocks)
		for (const it of [block, ...block.querySelectorAll("[id], details")]) {
			it.removeAttribute("id");
			if (it instanceof HTMLDetailsElement) it.open = true;
		}
	const bare = blocks.every((block) => block.matches("h2, h3"));
	return bare ? [] : blocks;
}

/** A paragraph or list with its marked sentences only. @param {Element} block @returns {Element} */
function sentencesOf(block) {
	const copy = /** @type {Element} */ (block.cloneNode(true));
	const items = copy.matches("ul, ol") ? [...copy.children] : [copy];
	for (const item of items) {
		const sentences = [...item.querySelectorAll(".in-room")];
		if (sentences.length === 0) item.remove();
		else
			item.replaceChildren(
				...sentences.flatMap((it, at) => (at > 0 ? [" ", it] : [it])),
			);
	}
	return copy;
}

/** Lays blocks out on as many slides as they need. @param {Element[]} blocks @param {HTMLElement} screen */
function slidesOf(blocks, screen) {
	const heading = blocks.find((block) => block.matches("h2"));
	/** @type {HTMLElement[]} */
	const slides = [];
	/** @type {HTMLElement} */
	let body;
	/** How many blocks a slide begins with: its heading. */
	const bare = heading ? 1 : 0;
	const begin = () => {
		const slide = document.createElement("section");
		slide.className = "slide";
		slide.tabIndex = -1;
		body = document.createElement("div");
		slide.append(body);
		screen.append(slide);
		slides.push(slide);
		if (heading) body.append(heading.cloneNode(true));
	};
	const fits = () =>
		body.scrollHeight <= body.clientHeight + 1 &&
		body.scrollWidth <= body.clientWidth + 1;

	const todo = blocks.filter((block) => block !== heading);
	if (blocks.length > 0) begin();
	for (let block = todo.shift(); block; block = todo.shift()) {
		// A diagram has a slide of its own, where it is as large as can be.
		const alone = block.matches(".diagram");
		if (alone && body.children.length > bare) begin();
		body.append(block);
		if (alone && todo.length > 0) begin();
		if (alone || fits()) continue;
		block.remove();
		if (body.children.length > bare) {
			// What announces the block goes with it to the next slide.
			const before = /** @type {Element} */ (body.lastElementChild);
			const announces = /:$|^H3$/.test(
				before.matches("h3") ? "H3" : (before.textContent ?? "").trim(),
			);
			const kept = announces && body.children.length > bare + 1;
			if (kept) before.remove();
			begin();
			todo.unshift(...(kept ? [before] : []), block);
			continue;
		}
		const rest = cut(block, body, fits);
		if (!rest) continue;
		begin();
		todo.unshift(rest);
	}
	for (const slide of slides) slide.hidden = true;
	return slides;
}

/**
 * Appends as much of a block as fits, and returns the rest: whole lines of code, whole items, rows or sentences, else words.
 * @param {Element} block
 * @param {HTMLElement} body
 * @param {() => boolean} fits
 */
function cut(block, body, fits) {
	for (const places of [
		parts(block),
		breaks(block, /[.:?!] /g),
		breaks(block, / /g),
	]) {
		let [low, high] = [0, places.length];
		while (low < high) {
			const middle = Math.ceil((low + high) / 2);
			const head = piece(block, undefined, places[middle - 1]);
			body.append(head);
			if (fits()) low = middle;
			else high = middle - 1;
			head.remove();
		}
		if (low === 0) continue;
		body.append(piece(block, undefined, places[low - 1]));
		const rest = piece(block, places[low - 1], undefined);
		if (rest.textContent?.trim() === "") return undefined;
		continueTable(block, rest);
		if (rest instanceof HTMLOListElement) rest.start += low;
		return rest;
	}
	body.append(block);
	return undefined;
}

/** The places between a block's lines, items or rows. @param {Element} block @returns {[Node, number][]} */
function parts(block) {
	const code = block.querySelector("pre code");
	if (code) return breaks(code, /\n/g).slice(0, -1);
	const rows = block.matches("ul, ol")
		? [...block.children]
		: [...block.querySelectorAll("tbody tr")];
	return rows
		.slice(0, -1)
		.map((row) => [
			/** @type {Node} */ (row.parentNode),
			[.../** @type {Node} */ (row.parentNode).childNodes].indexOf(row) + 1,
		]);
}

/** The places behind each match in a block's text. @param {Element} block @param {RegExp} pattern @returns {[Node, number][]} */
function breaks(block, pattern) {
	const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
	/** @type {[Node, number][]} */
	const places = [];
	for (let node = walker.nextNode(); node; node = walker.nextNode())
		for (const match of (node.nodeValue ?? "").matchAll(pattern))
			places.push([node, match.index + match[0].length]);
	return places;
}

/** A copy of a block from one place to another. @param {Element} block @param {[Node, number]=} from @param {[Node, number]=} to */
function piece(block, from, to) {
	const range = document.createRange();
	range.selectNodeContents(block);
	if (from) range.setStart(...from);
	if (to) range.setEnd(...to);
	const copy = /** @type {Element} */ (block.cloneNode(false));
	copy.append(range.cloneContents());
	return copy;
}

/** Gives the rest of a table its head again. @param {Element} block @param {Element} rest */
function continueTable(block, rest) {
	const head = block.querySelector("thead");
	const table = rest.querySelector("table");
	if (!head || !table || table.tHead) return;
	const again = /** @type {HTMLElement} */ (head.cloneNode(true));
	again.dataset.again = "";
	table.prepend(again);
}
