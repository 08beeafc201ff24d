/** The panes' sizes: two bars between them, moved by the mouse or the arrow keys, and the projector's large letters. */

import { byId, make } from "./dom.ts";

interface Bar {
	/** The CSS variable that it moves, in per cent of the desk. */
	name: string;
	label: string;
	vertical: boolean;
	start: number;
	least: number;
	most: number;
	/** Which pane it stands after, in the order of the page. */
	after: string;
}

const BARS: Bar[] = [
	{
		name: "--left",
		label: "Width of the page",
		vertical: true,
		start: 36,
		least: 22,
		most: 60,
		after: "left",
	},
	{
		name: "--lower-left",
		label: "Height of the check",
		vertical: false,
		start: 38,
		least: 12,
		most: 80,
		after: "page",
	},
	{
		name: "--lower-right",
		label: "Height of the terminals",
		vertical: false,
		start: 44,
		least: 15,
		most: 80,
		after: "editor",
	},
];
const STEP = 2;

/** @param resized told when a pane's size has changed */
export function openLayout(resized: () => void): void {
	for (const bar of BARS) addBar(bar, resized);
	addEventListener("resize", resized);
}

function addBar(bar: Bar, resized: () => void): void {
	const { name, label, vertical, least, most, start, after } = bar;
	const desk = byId("desk");
	const handle = make("div", {
		className: `handle ${name.slice(2)}`,
		role: "separator",
		tabIndex: 0,
		"aria-label": label,
		"aria-orientation": vertical ? "vertical" : "horizontal",
		"aria-valuemin": least,
		"aria-valuemax": most,
	});
	const value = () => Number(handle.getAttribute("aria-valuenow"));
	const set = (wanted: number) => {
		const per = Math.min(most, Math.max(least, wanted));
		handle.setAttribute("aria-valuenow", String(Math.round(per)));
		desk.style.setProperty(name, `${per}%`);
		localStorage.setItem(name, String(per));
		resized();
	};
	handle.onpointerdown = (event) => {
		event.preventDefault();
		handle.setPointerCapture(event.pointerId);
	};
	handle.onpointermove = (event) => {
		if (!handle.hasPointerCapture(event.pointerId)) return;
		const { left, bottom, width, height } = desk.getBoundingClientRect();
		set(
			vertical
				? ((event.clientX - left) / width) * 100
				: ((bottom - event.clientY) / height) * 100,
		);
	};
	handle.ondblclick = () => set(start);
	handle.onkeydown = (event) => {
		const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: 1, ArrowDown: -1 }[
			event.key
		];
		if (by === undefined) return;
		event.preventDefault();
		set(value() + by * STEP);
	};
	byId(after).after(handle);
	set(Number(localStorage.getItem(name)) || start);
}
