/** The targets beside the results. */

import { CROWD, REDRAW, type Results, TOGETHER } from "./measure.ts";
import { WATCH } from "./regrades.ts";
import { median } from "./stopwatch.ts";
import {
	BARE,
	CHECK_ALL,
	CHECK_ONE,
	DOCKER,
	LAST,
	NOTHING,
	SMALL,
} from "./subjects.ts";

/** A bound and the result. Bounds depend on whether Node runs TypeScript itself. */
export interface Target {
	what: string;
	most?: number | undefined;
	least?: number | undefined;
	measured: number | undefined;
	unit: string;
}

export function targets(results: Results): Target[] {
	const { starts, grading, crowd, waiting, redraw, looking, desk } = results;
	const itself = "typescript" in process.features;
	const either = (newer: number, older?: number) => (itself ? newer : older);
	const ms = (what: string) => {
		const row = [...starts, ...grading, ...crowd].find(
			(it) => it.what === what,
		);
		return row?.failed === 0 && row.times.length > 0
			? median(row.times)
			: undefined;
	};
	const per = (
		part: number | undefined,
		whole: number | undefined,
		base: number | undefined = 0,
	) =>
		part === undefined || whole === undefined
			? undefined
			: (part - base) / whole;
	const small = ms(`solution ${SMALL} true`);
	const bare = ms(BARE.what);
	const empty = ms(NOTHING);
	return [
		{
			what: `solution ${SMALL} true`,
			most: either(3.2, 5),
			measured: per(small, bare),
			unit: "bare",
		},
		{
			what: `solution ${LAST} true`,
			most: either(4.5),
			measured: per(ms(`solution ${LAST} true`), bare),
			unit: "bare",
		},
		{
			what: "solution 1 true",
			most: either(3, 5),
			measured: per(ms("solution 1 true"), bare),
			unit: "bare",
		},
		{
			what: `npm run solution ${SMALL} true, over ${NOTHING}`,
			most: either(3.5, 5.5),
			measured: per(ms(`npm run solution ${SMALL} true`), bare, empty),
			unit: "bare",
		},
		{
			what: `npm start, over ${NOTHING}`,
			most: either(2.5, 4),
			measured: per(ms("npm start"), bare, empty),
			unit: "bare",
		},
		{
			what: `${DOCKER}, against solution ${SMALL}`,
			least: either(3),
			measured: per(ms(DOCKER), small),
			unit: "times",
		},
		{
			what: "grading one step",
			most: either(0.9),
			measured: per(ms(CHECK_ONE.what), 1000),
			unit: "s",
		},
		{
			what: "grading all steps, both parts",
			most: either(6),
			measured: per(ms(CHECK_ALL.what), 1000),
			unit: "s",
		},
		{
			what: "grading again, from save to verdict",
			most: either(0.5),
			measured: per(ms(WATCH), 1000),
			unit: "s",
		},
		{
			what: "the desk, from the command to the page",
			most: either(2),
			measured: median(desk.page.times) / 1000,
			unit: "s",
		},
		{
			what: "the desk, echo of a key",
			most: 30,
			measured: median(desk.echo.times),
			unit: "ms",
		},
		{
			what: "four desks that grade at once, echo of a key",
			most: 100,
			measured: median(desk.crowded.times),
			unit: "ms",
		},
		{
			what: "the desk, from save to verdict",
			most: either(0.5),
			measured:
				desk.verdict.failed === 0
					? median(desk.verdict.times) / 1000
					: undefined,
			unit: "s",
		},
		{
			what: "the desk with editor and terminal, memory",
			most: 150,
			measured: desk.memory / 1024,
			unit: "MiB",
		},
		{
			what: "a supervisor waiting on a shell, memory",
			most: 60,
			measured: per(waiting?.memory, 1024),
			unit: "MiB",
		},
		{
			what: "a supervisor waiting on a shell, processor",
			most: 0,
			measured: per(waiting?.busy, waiting?.seconds),
			unit: "ms/s",
		},
		{
			what: `${REDRAW}, to the last line`,
			most: 50,
			measured: median(redraw.times),
			unit: "ms",
		},
		{
			what: "look, while nothing changes",
			most: 10,
			measured: per(looking.busy, looking.seconds),
			unit: "ms/s",
		},
		{
			what: `${CROWD} containers at once, against one`,
			most: 10,
			measured: per(ms(TOGETHER), crowd[0] && median(crowd[0].times)),
			unit: "times",
		},
	];
}

/** Whether a target is met. Undefined if this Node has no target, or nothing was measured. */
export function met({ most, least, measured }: Target): boolean | undefined {
	if (measured === undefined) return undefined;
	if (most !== undefined) return measured <= most;
	return least === undefined ? undefined : measured >= least;
}
