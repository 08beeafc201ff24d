import { describe, expect, test } from "vitest";
import { environment, parseConfig } from "./config.ts";
import { parseReference } from "./reference.ts";
import { readableSize } from "./size.ts";
import { resolveUser } from "./user.ts";

const PASSWD =
	"# a comment\nroot:x:0:0:root:/root:/bin/sh\nalice:x:1000:100:Alice:/home/alice:/bin/sh\n77:x:78:79::/:\nbroken\n";
const GROUP =
	"root:x:0:root\nusers:x:100:alice\nwheel:x:10:root,alice\naudio:x:29:alice\n";

describe("the image's user, as Docker finds it", () => {
	test.each<[string, number, number, number[], string]>([
		["", 0, 0, [10], "/root"],
		["root", 0, 0, [10], "/root"],
		["alice", 1000, 100, [10, 29], "/home/alice"],
		["1000", 1000, 100, [10, 29], "/home/alice"],
		["alice:audio", 1000, 29, [], "/home/alice"],
		["alice:5", 1000, 5, [], "/home/alice"],
		["1234", 1234, 0, [], "/"],
		["1234:wheel", 1234, 10, [], "/"],
		["65534:65534", 65534, 65534, [], "/"],
		[":wheel", 0, 10, [], "/root"],
		["77", 78, 79, [], "/"],
	])("%j", (user, uid, gid, groups, home) => {
		expect(resolveUser(user, PASSWD, GROUP)).toEqual({
			uid,
			gid,
			groups,
			home,
		});
	});

	test.each([
		"bob",
		"-1",
		"4294967295",
		"1e3",
		"alice:nobody",
		"1000:-1",
		"0x0",
	])("%j is none", (user) => {
		expect(() => resolveUser(user, PASSWD, GROUP)).toThrow(/has no such name/);
	});

	test("without files numbers are all that is needed", () => {
		expect(resolveUser("", "", "")).toEqual({
			uid: 0,
			gid: 0,
			groups: [],
			home: "/",
		});
		expect(() => resolveUser("alice", "", "")).toThrow(/has no such name/);
	});
});

test("a configuration may lack everything but its layers", () => {
	expect(parseConfig('{"rootfs":{"diff_ids":["sha256:0"]}}')).toEqual({
		os: "linux",
		architecture: "",
		env: [],
		entrypoint: [],
		command: [],
		workingDirectory: "",
		user: "",
		diffIds: ["sha256:0"],
	});
	// Docker writes null where there is nothing.
	expect(
		parseConfig('{"config":{"Cmd":null,"Env":null},"rootfs":{"diff_ids":[]}}')
			.command,
	).toEqual([]);
});

test.each([
	"",
	"[]",
	"null",
	"{}",
	'{"config":7}',
	'{"config":{"Cmd":"sh"}}',
	'{"config":{"Cmd":[1]}}',
	'{"config":{"User":7}}',
	'{"config":{"Env":["a\\u0000b"]},"rootfs":{"diff_ids":[]}}',
])("%j is no configuration", (text) => {
	expect(() => parseConfig(text)).toThrow(/configuration is not valid/);
});

test("the environment has PATH and HOME, and what the image says goes before them", () => {
	expect(environment(["A=1", "B=x=y", "A=2", "C"], "/root")).toEqual({
		PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		HOME: "/root",
		A: "2",
		B: "x=y",
		C: "",
	});
	expect(environment(["PATH=/bin", "HOME=/h"], "/root")).toEqual({
		PATH: "/bin",
		HOME: "/h",
	});
});

test.each([
	[
		"debian",
		"debian:latest",
		"registry-1.docker.io",
		"library/debian",
		"latest",
	],
	[
		"docker.io/library/debian:12",
		"debian:12",
		"registry-1.docker.io",
		"library/debian",
		"12",
	],
	[
		"index.docker.io/someone/thing",
		"someone/thing:latest",
		"registry-1.docker.io",
		"someone/thing",
		"latest",
	],
	["localhost/a", "localhost/a:latest", "localhost", "a", "latest"],
	[
		"localhost:5000/a/b:1",
		"localhost:5000/a/b:1",
		"localhost:5000",
		"a/b",
		"1",
	],
	["[::1]:5000/a", "[::1]:5000/a:latest", "[::1]:5000", "a", "latest"],
	[
		"ghcr.io/a/b__c-d:V1.0",
		"ghcr.io/a/b__c-d:V1.0",
		"ghcr.io",
		"a/b__c-d",
		"V1.0",
	],
	[
		`a:1@sha256:${"0".repeat(64)}`,
		`a@sha256:${"0".repeat(64)}`,
		"registry-1.docker.io",
		"library/a",
		`sha256:${"0".repeat(64)}`,
	],
])("the name %j", (text, name, registry, repository, version) => {
	expect(parseReference(text)).toEqual({ name, registry, repository, version });
});

test.each([
	"",
	"A",
	"a b",
	"a:",
	"a/",
	"/a",
	"a//b",
	"../a",
	"a/../b",
	"a@sha256:12",
	"a\n",
	"http://a/b",
	"user@host.org/a",
])("%j is no name", (text) => {
	expect(() => parseReference(text)).toThrow(/is no name of an image/);
});

test("sizes have three digits and a unit", () => {
	expect([0, 999, 1000, 121_712_640, 5e9].map(readableSize)).toEqual([
		"0 B",
		"999 B",
		"1 kB",
		"122 MB",
		"5 GB",
	]);
});
