/** The desk in the browser: puts the panes together. */

import { openCheck } from "./check.ts";
import { openClass } from "./class.ts";
import { openDesk } from "./desk.ts";
import { byId, make, makeButton } from "./dom.ts";
import { type Editor, openEditor } from "./editor.ts";
import { keepFile } from "./file.ts";
import { type Action, listenToKeys } from "./keys.ts";
import { openLanguage, uriOf } from "./language.ts";
import { openLayout } from "./layout.ts";
import { allowStyles } from "./nonce.ts";
import { openNotices } from "./notices.ts";
import { openPage } from "./page.ts";
import { openPicture } from "./picture.ts";
import { openSteps } from "./steps.ts";
import { DEV, openTerminals } from "./terminals.ts";
import { switchTheme } from "./theme.ts";

/** The size of letters in the editor and the terminals, in pixels. The projector doubles it. */
const SIZE = 13.5;

allowStyles();
const root = document.documentElement;
const desk = openDesk(async (isOpen) => {
	root.classList.toggle("lost", !isOpen);
	const say = (text: string) => {
		byId("connection").textContent = text;
	};
	if (isOpen) return say("");
	say("The connection to the desk is lost. Trying again.");
	const answer = await fetch("/desk.css").catch(() => undefined);
	if (answer?.status === 403 && root.classList.contains("lost"))
		say("The desk has a new key. Open the address that it printed.");
});
let project = "";
desk.on("hello", (hello) => {
	project = hello.project;
});

// A link to another site, on the page or in the editor's help, leaves the desk as it is.
document.addEventListener(
	"click",
	({ target }) => {
		const link = target instanceof Element && target.closest("a");
		if (!link || link.origin === location.origin) return;
		link.target = "_blank";
		link.rel = "noreferrer";
	},
	{ capture: true },
);

openSteps(desk);
const company = openClass(desk);
openNotices(desk);
const terminals = openTerminals(desk);

let editor: Editor | undefined;
const pane = byId("editor");
const text = make("div", { className: "text" });
pane.append(
	make(
		"header",
		{ className: "bar" },
		make("h2", { id: "file-name" }),
		make("p", { id: "file-status" }),
	),
	make("div", { id: "question" }),
	text,
);
const language = openLanguage();
const theEditor = (): Editor => {
	editor ??= openEditor(
		text,
		(step) => language(uriOf(project, step)),
		() => file.changed(),
		() => file.save(),
	);
	return editor;
};
const file = keepFile(desk, theEditor, (command) =>
	terminals.type(DEV, command),
);
openPage(desk, terminals);
const check = openCheck(desk, theEditor, company);
const picture = openPicture(resized, switchPicture);

function resized(): void {
	editor?.measure();
}
const pictureButton = makeButton("Picture", switchPicture, {
	label: "Picture of the running container",
});
const projectorButton = makeButton("Projector", switchProjector, {
	label: "Projector: large letters, no page",
});
function switchPicture(): void {
	pictureButton.setAttribute("aria-pressed", String(picture.toggle()));
}
function switchProjector(): void {
	const on = root.classList.toggle("projector");
	projectorButton.setAttribute("aria-pressed", String(on));
	root.style.setProperty("--letters", `${on ? SIZE * 2 : SIZE}px`);
	terminals.setSize(on ? SIZE * 2 : SIZE);
	resized();
}
function stepBy(by: number): void {
	const steps = desk.steps();
	const at = steps.findIndex(({ id }) => id === desk.step()?.id);
	const next = steps[at + by];
	if (next) desk.open(next.id);
}

const actions: Action[] = [
	{ key: "h", does: "the next hint", act: check.hint },
	{ key: "s", does: "the way to the solution", act: check.diff },
	{ key: "[", does: "the step before", act: () => stepBy(-1) },
	{ key: "]", does: "the next step", act: () => stepBy(1) },
	{ key: "n", does: "a new terminal", act: terminals.open },
	{ key: "l", does: "the running container", act: switchPicture },
	{ key: "p", does: "projector: large letters, no page", act: switchProjector },
	{ key: "t", does: "light or dark", act: switchTheme },
	{ key: "u", does: "in a class: your hand, up or down", act: company.hand },
];
const focus = {
	editor: () => theEditor().focus(),
	terminals: terminals.focus,
};
const { showKeys } = listenToKeys(actions, focus, file.save);
byId("tools").append(
	pictureButton,
	projectorButton,
	makeButton("◐", switchTheme, { label: "Light or dark" }),
	makeButton("?", showKeys, { label: "Keys" }),
);
openLayout(resized);
terminals.setSize(SIZE);
