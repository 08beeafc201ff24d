// All that a check file is written with.

export {
	CAPABILITIES,
	DOCKER_CAPABILITIES,
} from "../../runtime/capabilities.ts";
export { CLONE_NEWUSER } from "../../runtime/constants.ts";
export { MASKED_PATHS, READONLY_PATHS } from "../../runtime/devices.ts";
export { ROOTFS } from "../../runtime/rootfs.ts";
export { sethostname } from "../../runtime/syscalls.ts";
export { MARKER } from "../host/marker.ts";
export { withinMounts } from "../proc/enter.ts";
export { addedMounts, type Mount, mountsOf } from "../proc/mounts.ts";
export {
	addressesOf,
	hostnameOf,
	interfacesOf,
	namespacesOf,
	withinUts,
} from "../proc/namespaces.ts";
export { type ProcessSnapshot, placeOf, readFamily } from "../proc/process.ts";
export { link } from "../proc/procfs.ts";
export { procViewOf } from "../proc/procview.ts";
export { maskIn, readStatus } from "../proc/status.ts";
export { agree } from "./agree.ts";
export { askedFor } from "./asked.ts";
export { differs } from "./differs.ts";
export { NotSeen } from "./errors.ts";
export { groupsSeenBy, readGroup } from "./group.ts";
export { CONFIGURED, LAYER_FILES, storeOf } from "./image.ts";
export { lostMounts, unsharedMounts } from "./mounts.ts";
export { connects, hasDefaultRoute } from "./network.ts";
export {
	ARGUMENTS,
	type Container,
	LINE,
	type SeenRunning,
	STATUS,
} from "./observe.ts";
export { tryCall, tryNamespaces } from "./raw-call.ts";
export {
	type Check,
	type Judged,
	requirement,
} from "./requirement.ts";
export { WAIT } from "./run.ts";
export type { Submissions } from "./submission.ts";
export { lastWords, shown } from "./words.ts";
