/** The live page's picture of the running container: beside the terminal, or as large as the screen. */

import { byId, make, makeButton } from "./dom.ts";

export interface Picture {
	/** Shows it, or hides it. Says whether it is shown. */
	toggle(): boolean;
}

/**
 * @param resized told when the panes have more or less room
 * @param close hides it, as the button of the whole desk does
 */
export function openPicture(resized: () => void, close: () => void): Picture {
	const pane = byId("picture");
	const drawing = make("div", { className: "live" });
	const large = makeButton(
		"⤢",
		() => setLarge(!pane.classList.contains("large")),
		{
			label: "As large as the screen",
		},
	);
	pane.append(
		make(
			"header",
			{ className: "bar" },
			make("h2", {}, "The running container"),
			large,
			makeButton("×", close, { label: "Close the picture" }),
		),
		drawing,
	);
	let pictures: EventSource | undefined;

	function follow(): void {
		const mine = new EventSource("/live/events");
		pictures = mine;
		mine.onmessage = ({ data }) => {
			drawing.innerHTML = JSON.parse(data);
		};
		mine.onerror = () => {
			// A browser tries again by itself, unless the answer was unexpected.
			if (mine.readyState === EventSource.CLOSED && mine === pictures)
				setTimeout(() => mine === pictures && follow(), 1000);
		};
	}
	function setLarge(isLarge: boolean): void {
		pane.classList.toggle("large", isLarge);
		large.setAttribute("aria-pressed", String(isLarge));
		resized();
	}
	function toggle(): boolean {
		pane.hidden = !pane.hidden;
		document.documentElement.classList.toggle("with-picture", !pane.hidden);
		if (pane.hidden) {
			pictures?.close();
			pictures = undefined;
			setLarge(false);
		} else follow();
		resized();
		return !pane.hidden;
	}
	pane.addEventListener("keydown", ({ key }) => {
		if (key === "Escape") setLarge(false);
	});
	return { toggle };
}
