/** The parts of the house with two rooms, in SVG, for the pages' diagram and the live page. house.css gives them colours. */

import { escapeHtml } from "./escape.ts";

/** The measures of a house in its picture. */
export interface Plan {
	width: number;
	/** Where the wall between the rooms is. */
	wall: number;
	/** The distance of the rooms from the picture's left and right edges. */
	margin: number;
	/** Where the roof begins; at 6 by default. */
	roof?: number;
	/** Where the roof ends and the rooms begin. */
	top: number;
	/** Where the rooms end. The ground below is `base` high. */
	ground: number;
	base: number;
	/** The left ends of the two rooms' names, and their distance below the roof. */
	names: { outside: number; inside: number; below: number };
	/** The size of the words, if site.css does not give it. */
	size?: number;
}

/** The house, with `body` in it. */
export function drawHouse(
	{ width, wall, margin, roof = 6, top, ground, base, names, size }: Plan,
	{ classes, label }: { classes: string; label: string },
	body: string,
): string {
	const [middle, right] = [width / 2, width - margin];
	const sized = size ? ` font-size="${size}"` : "";
	const name = (x: number, text: string) =>
		`<text class="name" x="${x}" y="${top + names.below}"${sized}>${text}</text>`;
	return [
		`<svg class="${classes}" viewBox="0 0 ${width} ${ground + base + 2}" role="img" aria-label="${escapeHtml(label)}">`,
		`<path class="roof" d="M6 ${top} L${middle} ${roof} L${width - 6} ${top}Z"/>`,
		`<path class="room" d="M${margin} ${top}H${right}V${ground}H${margin}Z"/>`,
		`<path class="inside" d="M${wall} ${top}H${right}V${ground}H${wall}Z"/>`,
		name(names.outside, "dev container"),
		name(names.inside, "container"),
		body,
		`<rect class="ground" x="6" y="${ground}" width="${width - 12}" height="${base}"/>`,
		`<text class="on-ground" x="${middle}" y="${ground + base * 0.67}" text-anchor="middle"${sized}>one Linux kernel, shared by both</text>`,
		"</svg>",
	].join("");
}

/** A piece of wall: two courses of brick. */
export function drawBricks(
	x: number,
	y: number,
	width: number,
	height: number,
	added: boolean,
): string {
	const course = height / 2;
	const joint = Math.min(2, height / 9);
	const brick = (left: number, top: number, wide: number) =>
		`<rect class="${added ? "brick new" : "brick"}" x="${left}" y="${top + joint / 2}" width="${wide}" height="${course - joint}"/>`;
	const half = (width - joint) / 2;
	return (
		brick(x, y, width) +
		brick(x, y + course, half) +
		brick(x + half + joint, y + course, half)
	);
}

/** An opening between the two rooms. */
export function drawOpening(x: number, y: number): string {
	return `<path class="way" d="M${x - 30} ${y}h60"/><circle class="end" cx="${x - 32}" cy="${y}" r="3"/><circle class="end" cx="${x + 32}" cy="${y}" r="3"/>`;
}
