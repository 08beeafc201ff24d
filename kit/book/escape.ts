/** Escapes and unescapes HTML's special characters. */

export function escapeHtml(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;")
		.replaceAll("'", "&#x27;");
}

/** Replaces Markdown's named and numbered references. An unknown one stays as it is. */
export function unescapeHtml(text: string): string {
	const names: Record<string, string> = {
		amp: "&",
		lt: "<",
		gt: ">",
		quot: '"',
		apos: "'",
		nbsp: "\u00a0",
	};
	return text.replace(
		/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w+));/gi,
		(whole, decimal, hex, name) => {
			if (name) return names[name] ?? whole;
			const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
			return point > 31 && point <= 0x10ffff
				? String.fromCodePoint(point)
				: whole;
		},
	);
}
