/**
 * `npm run look`, in a second terminal of the dev container: shows what the
 * running container has of its own and what it shares, and redraws every change.
 */

import { isatty } from "node:tty";
import { parseArgs } from "node:util";
import { onKey } from "../cli/keys.ts";
import { CommandError, colours, write } from "../cli/terminal.ts";
import { requireHost } from "../host/requirements.ts";
import { type Container, findContainers } from "../look/containers.ts";
import { drawView, type Size } from "../look/draw.ts";
import { follow, REFRESH_MS } from "../look/follow.ts";
import type { View } from "../look/view.ts";
import { listProcesses } from "../proc/table.ts";
import { currentStep } from "../steps/progress.ts";
import { rejectOptionsTakenByNpm } from "../steps/request.ts";

const USAGE =
	"npm run look   or   npm run look -- [--list] [--pid N] [--once] [--json]";

export async function main(args: string[]): Promise<number> {
	const { pid, list, once, json } = parse(args);
	requireHost();
	if (list) return showList(json);
	if (pid !== undefined && listProcesses([pid]).length === 0)
		throw new CommandError(
			1,
			`There is no process ${pid} here. See: npm run look -- --list`,
		);
	const nextView = follow(pid);
	if (!json && !once && isatty(1)) return watch(nextView);
	const view = nextView();
	const text = json
		? JSON.stringify(view ?? null, null, 2)
		: frame(view, terminalSize()).join("\n");
	write(1, `${text}\n`);
	return view ? 0 : 1;
}

function parse(args: string[]): {
	pid?: number;
	list?: boolean;
	once?: boolean;
	json?: boolean;
} {
	rejectOptionsTakenByNpm(["pid", "list", "once", "json"], USAGE);
	try {
		const { pid, ...switches } = parseArgs({
			args,
			options: {
				pid: { type: "string" },
				list: { type: "boolean" },
				once: { type: "boolean" },
				json: { type: "boolean" },
			},
		}).values;
		if (pid === undefined) return switches;
		if (!/^[1-9]\d*$/.test(pid))
			throw new Error(`--pid ${pid} is not a process number`);
		return { ...switches, pid: Number(pid) };
	} catch (error) {
		const [problem] = (error as Error).message.split(". ");
		throw new CommandError(2, `${problem}.\nUsage: ${USAGE}`);
	}
}

function showList(json = false): number {
	const containers = findContainers(listProcesses());
	if (json) write(1, `${JSON.stringify(containers, null, 2)}\n`);
	else if (containers.length === 0) write(1, `${nothing().join("\n")}\n`);
	else write(1, containers.map(line).join(""));
	return containers.length > 0 ? 0 : 1;
}

function line({ pid, script, step }: Container): string {
	const { cyan } = colours(1);
	return `${script} ${step}  ${cyan(`npm run look -- --pid ${pid}`)}\n`;
}

/** The lines to show while no container runs: what to type. */
function nothing(): string[] {
	const { cyan } = colours(1);
	return [
		"No container is running.",
		`In another terminal of the dev container: ${cyan(`npm run step ${currentStep().number}`)}`,
	];
}

/** The last line: the key, and after a container's end how to start it again. */
function hint(view: View | undefined): string {
	const { dim, cyan } = colours(1);
	const { script, step } = view?.container ?? {};
	if (!view?.ended || !script) return dim("q quit");
	return `${dim("q quit · again:")} ${cyan(`npm run ${script} ${step}`)}`;
}

/** The lines of the screen. */
function frame(view: View | undefined, size: Size): string[] {
	return view ? drawView(view, size, colours(1)) : nothing();
}

/** A pipe has no height: all lines are written. */
function terminalSize(): Size {
	const { columns, rows } = process.stdout;
	return {
		columns: columns || 80,
		rows: isatty(1) ? rows || 24 : Number.POSITIVE_INFINITY,
	};
}

const [OTHER_SCREEN, THIS_SCREEN] = [
	"\u001b[?1049h\u001b[?25l\u001b[?7l",
	"\u001b[?7h\u001b[?25h\u001b[?1049l",
];

/** Draws until `q` is pressed, and restores the terminal. */
async function watch(nextView: () => View | undefined): Promise<number> {
	let drawn = "";
	const draw = () => {
		const view = nextView();
		const { columns, rows } = terminalSize();
		const picture = JSON.stringify([view, columns, rows]);
		if (picture === drawn) return;
		drawn = picture;
		const lines = frame(view, { columns, rows: rows - 1 }).slice(0, rows - 1);
		while (lines.length < rows - 1) lines.push("");
		lines.push(hint(view));
		// Overwrite the lines instead of clearing them, so that nothing flickers.
		write(1, `\u001b[H${lines.join("\u001b[K\n")}\u001b[J`);
	};
	const restore = () => void write(1, THIS_SCREEN);
	process.on("exit", restore);
	write(1, OTHER_SCREEN);
	return new Promise((resolve) => {
		const timer = setInterval(draw, REFRESH_MS);
		process.stdout.on("resize", draw);
		const stopKeys = onKey({
			q() {
				clearInterval(timer);
				process.stdout.off("resize", draw);
				stopKeys();
				resolve(0);
			},
		});
		draw();
	});
}
