/** A terminal's last output, for who shows it next, and how much of it has been shown. */

/** The most output that waits for its viewer. A terminal that has more is held back. */
const MOST_WAITING = 256 * 1024;

/** How much of the output is kept for the next viewer: some thousand lines. */
const MOST_KEPT = 256 * 1024;

export interface Replay {
	add(output: Uint8Array): void;
	/** A new viewer begins: what it gets first. Nothing of it is acknowledged yet. */
	begin(): Uint8Array;
	/** @param bytes in all, since `begin` */
	acknowledge(bytes: number): void;
	/** Whether too much output waits to be shown. */
	isFull(): boolean;
}

export function openReplay(): Replay {
	let kept: Uint8Array[] = [];
	let size = 0;
	let [given, shown] = [0, 0];
	return {
		add(output) {
			kept.push(output);
			size += output.length;
			given += output.length;
			if (size < 2 * MOST_KEPT) return;
			kept = [lastLines(Buffer.concat(kept))];
			size = kept[0]?.length ?? 0;
		},
		begin() {
			const output = lastLines(Buffer.concat(kept));
			kept = [output];
			size = output.length;
			[given, shown] = [output.length, 0];
			return output;
		},
		acknowledge(bytes) {
			shown = Math.min(Math.max(bytes, shown), given);
		},
		isFull: () => given - shown > MOST_WAITING,
	};
}

/** Whole lines: half a character or half an escape sequence would spoil the first one. */
function lastLines(output: Buffer): Buffer {
	if (output.length <= MOST_KEPT) return output;
	const newest = output.subarray(output.length - MOST_KEPT);
	// A copy, since a part would keep the whole in memory.
	return Buffer.from(newest.subarray(newest.indexOf("\n") + 1));
}
