/**
 * The tables of steps in README.md and on the first page. They are made from the
 * steps' own pages and solutions: `npm run pages` updates them.
 */

import { readFileSync } from "node:fs";
import { listSteps, type Step } from "../steps/catalog.ts";
import { readPage } from "../steps/page.ts";
import { listParts } from "../steps/parts.ts";

const HEAD = ["step", "you add", "and have"];

/** Finds a table by its first line. */
const TABLE = new RegExp(
	`^\\| *${HEAD.join(" *\\| *")} *\\|\\n(\\|.*\\n)*`,
	"gm",
);

/**
 * A text with its tables of steps updated, if it has any: each table has the
 * steps of a part, and the last one those of all parts that are left. `linkTo` gives the link from the text to a step's page.
 */
export function fillTable(
	text: string,
	linkTo: (step: Step) => string,
): string {
	const tables = text.match(TABLE)?.length ?? 0;
	const parts = listParts().map(({ steps }) => steps);
	let nth = 0;
	return text.replace(TABLE, () => {
		nth++;
		const steps = nth === tables ? parts.splice(0).flat() : parts.shift();
		return table(steps ?? [], linkTo);
	});
}

function table(steps: Step[], linkTo: (step: Step) => string): string {
	const rows = steps.map((step) => [
		`[${step.number} · ${step.name}](${linkTo(step)})`,
		newNames(step)
			.map((name) => `\`${name}\``)
			.join(", "),
		readPage(step.page).title,
	]);
	return [HEAD, HEAD.map(() => "---"), ...rows]
		.map((cells) => `| ${cells.join(" | ")} |\n`)
		.join("");
}

/** The new imports of a step's solution: the functions, or if there are none, the flags. */
export function newNames(step: Step): string[] {
	const before = listSteps().find(({ number }) => number === step.number - 1);
	const known = before ? importedNames(before.solution) : [];
	const added = importedNames(step.solution).filter(
		(name) => !known.includes(name),
	);
	const functions = added.filter((name) => !/^[A-Z]/.test(name));
	return functions.length > 0 ? functions : added;
}

function importedNames(file: string): string[] {
	const [, list = ""] =
		/import \{([^}]*)\} from "#runtime"/.exec(readFileSync(file, "utf8")) ?? [];
	return list.match(/\w+/g) ?? [];
}
