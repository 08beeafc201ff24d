/** 117 MB: three digits and a unit, as docker prints sizes. */
export function readableSize(bytes: number): string {
	const UNITS = ["B", "kB", "MB", "GB", "TB"];
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < UNITS.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${Number(value.toPrecision(3))} ${UNITS[unit]}`;
}
