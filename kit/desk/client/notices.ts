/** What the learner should know, until it is closed. */

import type { Desk } from "./desk.ts";
import { byId, make, makeButton } from "./dom.ts";

export function openNotices(desk: Desk): void {
	const place = byId("notices");
	const show = (text: string) => {
		const same = [...place.children].some(
			(it) => it.firstChild?.textContent === text,
		);
		if (same) return;
		const notice = make(
			"p",
			{ role: "alert", className: "notice" },
			make("span", {}, text),
			makeButton("×", () => notice.remove(), { label: "Close this notice" }),
		);
		place.append(notice);
	};
	desk.on("notice", ({ text }) => show(text));
	desk.on("refused", ({ of, text }) => {
		if (of !== "save" && of !== "grade") show(text);
	});
}
