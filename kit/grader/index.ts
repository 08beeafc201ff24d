// All that a check file is written with.

export { sethostname } from "../../runtime/syscalls.ts";
export { MARKER } from "../host/marker.ts";
export { addedMounts, type Mount } from "../proc/mounts.ts";
export { hostnameOf, withinUts } from "../proc/namespaces.ts";
export { type ProcessSnapshot, placeOf, readFamily } from "../proc/process.ts";
export { procViewOf } from "../proc/procview.ts";
export { differs } from "./differs.ts";
export {
	ARGUMENTS,
	type Container,
	LINE,
	type SeenRunning,
	STATUS,
} from "./observe.ts";
export { type Check, type Judged, requirement } from "./requirement.ts";
export type { Submissions } from "./submission.ts";
