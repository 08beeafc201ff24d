// All that a check file is written with.

export { ROOTFS } from "../../runtime/rootfs.ts";
export { sethostname } from "../../runtime/syscalls.ts";
export { MARKER } from "../host/marker.ts";
export { addedMounts, type Mount } from "../proc/mounts.ts";
export { hostnameOf, namespacesOf, withinUts } from "../proc/namespaces.ts";
export { type ProcessSnapshot, placeOf, readFamily } from "../proc/process.ts";
export { link } from "../proc/procfs.ts";
export { procViewOf } from "../proc/procview.ts";
export { agree } from "./agree.ts";
export { askedFor } from "./asked.ts";
export { differs } from "./differs.ts";
export { lostMounts, unsharedMounts } from "./mounts.ts";
export {
	ARGUMENTS,
	type Container,
	LINE,
	type SeenRunning,
	STATUS,
} from "./observe.ts";
export {
	type Check,
	type Judged,
	NotSeen,
	requirement,
} from "./requirement.ts";
export type { Submissions } from "./submission.ts";
export { lastWords, shown } from "./words.ts";
