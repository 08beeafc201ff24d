/** Light and dark: as the system has it, until the switch says otherwise. */

const KEY = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const watchers: (() => void)[] = [];

export function isDark(): boolean {
	const chosen = localStorage.getItem(KEY);
	return chosen === null ? system.matches : chosen === "dark";
}

export function switchTheme(): void {
	localStorage.setItem(KEY, isDark() ? "light" : "dark");
	apply();
}

export function onTheme(act: () => void): void {
	watchers.push(act);
}

function apply(): void {
	document.documentElement.style.colorScheme = localStorage.getItem(KEY) ?? "";
	for (const act of watchers) act();
}

apply();
system.addEventListener("change", apply);
