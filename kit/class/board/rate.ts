/** How often something may happen: so many at once, and then so many a second. */

export interface Rate {
	/** Whether it may happen now. If so, it counts. */
	take(now: number): boolean;
}

export function rate(atOnce: number, perSecond: number): Rate {
	let left = atOnce;
	let before = 0;
	return {
		take(now) {
			if (before > 0)
				left = Math.min(atOnce, left + ((now - before) / 1000) * perSecond);
			before = now;
			if (left < 1) return false;
			left--;
			return true;
		},
	};
}
