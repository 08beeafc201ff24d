/** Making and finding elements of the page. */

type Child = Node | string | undefined | false;

/** An element with its properties, attributes where the name has a dash, and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	properties: Record<string, unknown> = {},
	...children: Child[]
): HTMLElementTagNameMap[Tag] {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(properties))
		if (value === undefined || value === false) continue;
		else if (name.includes("-") || name === "role")
			element.setAttribute(name, String(value));
		else Object.assign(element, { [name]: value });
	element.append(...children.filter((it): it is Node | string => Boolean(it)));
	return element;
}

/** The element of desk.html with this id. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
	const element = document.getElementById(id);
	if (!element) throw new Error(`desk.html has no #${id}`);
	return element as Kind;
}

/** A button. `label` is what is read aloud where the text is only a sign. */
export function makeButton(
	text: string,
	act: () => void,
	{ label, className = "" }: { label?: string; className?: string } = {},
): HTMLButtonElement {
	return make(
		"button",
		{
			type: "button",
			className,
			onclick: act,
			"aria-label": label,
			title: label ?? "",
		},
		text,
	);
}
