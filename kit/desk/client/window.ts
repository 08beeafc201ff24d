/** A window over the desk, which Escape closes. */

import { make, makeButton } from "./dom.ts";

export function openWindow(title: string, ...content: Node[]): void {
	const close = makeButton("Close", () => dialog.close());
	const dialog = make(
		"dialog",
		{ "aria-labelledby": "window-title" },
		make("header", {}, make("h2", { id: "window-title" }, title), close),
		// It may be longer than the window, and is scrolled with the keys then.
		make("div", { className: "content", tabIndex: 0 }, ...content),
	);
	// The browser gives the focus back.
	dialog.onclose = () => dialog.remove();
	// A click beside the window closes it.
	dialog.onclick = ({ target }) => {
		if (target === dialog) dialog.close();
	};
	document.body.append(dialog);
	dialog.showModal();
}
