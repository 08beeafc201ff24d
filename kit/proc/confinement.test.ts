import { expect, test } from "vitest";
import { labels } from "./confinement.ts";

test.each([
	[undefined, undefined, undefined, undefined],
	[undefined, "unconfined\n", undefined, undefined],
	[
		undefined,
		"docker-default (enforce)\n",
		"docker-default (enforce)",
		undefined,
	],
	["docker-default (enforce)\n", "", "docker-default (enforce)", undefined],
	["unconfined\n", "unconfined\n", undefined, undefined],
	[
		undefined,
		"system_u:system_r:container_t:s0:c1,c2\0",
		undefined,
		"system_u:system_r:container_t:s0:c1,c2",
	],
	[
		"docker-default (enforce)\n",
		"system_u:system_r:container_t:s0\0",
		"docker-default (enforce)",
		"system_u:system_r:container_t:s0",
	],
])("AppArmor says %j, all modules %j", (own, shared, apparmor, selinux) => {
	expect(labels(own, shared)).toEqual({ apparmor, selinux });
});
