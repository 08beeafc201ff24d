import type { Submissions } from "../kit/grader/index.ts";

const FIRST =
	'denySyscalls("unshare", "clone", "setns", "pivot_root", "mount", "umount2");';
const SECOND =
	'denySyscalls("keyctl", "add_key", "request_key", "bpf", "io_uring_setup");';
const BIT = "setNoNewPrivs();";
const EXEC = "execvp(command);";
const LIMIT = "limitCapabilities(DOCKER_CAPABILITIES);";
const PRIVATE = 'mount(null, "/", null, MS_REC | MS_PRIVATE);';

const wrong: Submissions["wrong"] = [
	{ what: "no filter", fails: "filter", edit: { [FIRST]: "", [SECOND]: "" } },
	{
		what: "below execvp",
		fails: "filter",
		edit: { [FIRST]: "", [SECOND]: "", [EXEC]: `${EXEC} ${FIRST} ${SECOND}` },
	},
	{
		what: "only what mounts",
		fails: "unshare",
		edit: {
			[FIRST]: 'denySyscalls("setns", "pivot_root", "mount", "umount2");',
		},
	},
	{
		what: "clone, and unshare is forgotten",
		fails: "unshare",
		edit: {
			[FIRST]:
				'denySyscalls("clone", "setns", "pivot_root", "mount", "umount2");',
		},
	},
	{
		what: "unshare, and clone is forgotten",
		fails: "clone",
		edit: {
			[FIRST]:
				'denySyscalls("unshare", "setns", "pivot_root", "mount", "umount2");',
		},
	},
	{
		what: "clone3 alone in the place of clone",
		fails: "clone",
		edit: { '"unshare", "clone",': '"unshare", "clone3",' },
	},
	{
		what: "the mounts are forgotten",
		fails: "calls",
		edit: { [FIRST]: 'denySyscalls("unshare", "clone", "setns");' },
	},
	{
		what: "one is forgotten: setns",
		fails: "calls",
		edit: { ' "setns",': "" },
	},
	{
		what: "what enters another namespace is forgotten: unshare and setns",
		fails: "unshare",
		edit: { '"unshare", "clone", "setns",': '"clone",' },
	},
	{
		what: "above the mounts",
		fails: "runs",
		edit: { [FIRST]: "", [PRIVATE]: `${BIT} ${FIRST} ${PRIVATE}` },
	},
	{
		what: "in run",
		fails: "runs",
		edit: { [FIRST]: "", "return reexec": `${FIRST} return reexec` },
	},
	{
		what: "a name that there is not",
		fails: "runs",
		edit: { '"io_uring_setup"': '"io_uring_setup", "umount" as "umount2"' },
	},
	{
		what: "no new privileges is forgotten, and CAP_SYS_ADMIN is there",
		fails: "capabilities",
		edit: { [BIT]: "" },
	},
	{
		what: "a filter, and all capabilities",
		fails: "capabilities",
		edit: { [LIMIT]: "" },
	},
	{
		what: "MS_MOVE as in step 7, since the filter refuses to unmount",
		fails: "root-mount",
		edit: {
			'pivotRoot(".", ".");': 'chroot("."); chdir("/");',
			'umount(".", MNT_DETACH);': "",
		},
	},
];

const right: Submissions["right"] = [
	{
		what: "one filter for all",
		edit: {
			[FIRST]: "",
			[SECOND]:
				'denySyscalls("unshare", "clone", "setns", "pivot_root", "mount", "umount2", "keyctl", "add_key", "request_key", "bpf", "io_uring_setup");',
		},
	},
	{
		what: "a filter for each",
		edit: {
			[FIRST]:
				'for (const name of ["unshare", "clone", "setns", "pivot_root", "mount", "umount2"] as const) denySyscalls(name);',
		},
	},
	{
		what: "the filter before the capabilities",
		edit: {
			[FIRST]: "",
			[SECOND]: "",
			[LIMIT]: `${FIRST} ${SECOND} ${LIMIT}`,
		},
	},
	{
		what: "the new calls that mount, and ptrace, as well",
		edit: {
			[SECOND]: `${SECOND} denySyscalls("fsopen", "fsmount", "move_mount", "open_tree", "mount_setattr", "ptrace", "userfaultfd");`,
		},
	},
	{
		what: "the keys first",
		edit: { [FIRST]: "", [SECOND]: `${SECOND} ${FIRST}` },
	},
	{
		what: "the keys early, above the mounts",
		edit: { [SECOND]: "", [PRIVATE]: `${SECOND} ${PRIVATE}` },
	},
];

export default { wrong, right };
