import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HOME } from "../testing/kit.ts";
import { isSupported } from "./requirements.ts";

test.each([
	["18.20.0", false],
	["20.18.3", false],
	["20.19.0", true],
	["20.20.2", true],
	["21.7.3", false],
	["22.17.1", false],
	["22.18.0", true],
	["23.0.0", false],
	["23.11.1", false],
	["24.0.0", false],
	["24.2.0", false],
	["24.3.0", true],
	["25.0.0", true],
	["26.1.0", true],
])("Node.js %s: %s", (version, supported) => {
	expect(isSupported(version)).toBe(supported);
});

test("package.json says the same to npm", () => {
	const { engines } = JSON.parse(
		readFileSync(join(HOME, "package.json"), "utf8"),
	);
	expect(engines.node).toBe("^20.19 || ^22.18 || >=24.3");
});
