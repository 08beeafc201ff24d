import type { Submissions } from "../kit/grader/index.ts";

const LOWER = 'const lower = IMAGE.layers.join(":");';
const LAYERS = "`lowerdir=$" + "{lower},upperdir=/mnt/upper,workdir=/mnt/work`";
const WORK = 'mkdir("/mnt/work");';
const DIRECTORY = "chdir(IMAGE.workingDirectory);";
const GROUPS = "setgroups(IMAGE.user.groups);";
const GROUP = "setgid(IMAGE.user.gid);";
const USER = "setuid(IMAGE.user.uid);";
const WORDS = "const words = command.length > 0 ? command : IMAGE.command;";
const EXEC = "execvp([...IMAGE.entrypoint, ...words], IMAGE.env);";
const LIMIT = "limitCapabilities(DOCKER_CAPABILITIES);";
const BIT = "setNoNewPrivs();";

const lower = (layers: string) => ({ [LOWER]: `const lower = ${layers};` });

const wrong: Submissions["wrong"] = [
	{
		what: "the root file system in the place of the image",
		fails: "layers",
		edit: lower("ROOTFS"),
	},
	{
		what: "the top layer is left out",
		fails: "layers",
		edit: lower('IMAGE.layers.slice(1).join(":")'),
	},
	{
		what: "the first and the last layer alone",
		fails: "layers",
		edit: lower('[IMAGE.layers[0], IMAGE.layers.at(-1)].join(":")'),
	},
	{
		what: "the layers from below, as an image's manifest lists them",
		fails: "order",
		edit: lower('IMAGE.layers.toReversed().join(":")'),
	},
	{
		what: "an overlay that does not look for marks of opaque directories",
		fails: "whiteouts",
		edit: {
			[LAYERS]:
				'"userxattr,lowerdir=" + lower + ",upperdir=/mnt/upper,workdir=/mnt/work"',
		},
	},
	{
		what: "the top layer is the upper directory",
		fails: "overlay",
		edit: {
			...lower('IMAGE.layers.slice(1).join(":")'),
			[WORK]: 'mkdir("/dev/shm/work");',
			[LAYERS]:
				'"lowerdir=" + lower + ",upperdir=" + IMAGE.layers[0] + ",workdir=/dev/shm/work"',
		},
	},
	{
		what: "the user before the group",
		fails: "starts",
		edit: { [USER]: "", [GROUP]: `${USER} ${GROUP}` },
	},
	{
		what: "the user before the groups",
		fails: "starts",
		edit: { [GROUPS]: "", [USER]: `${USER} ${GROUPS}` },
	},
	{
		what: "the capabilities after the user",
		fails: "starts",
		edit: { [LIMIT]: "", [USER]: `${USER} ${LIMIT}` },
	},
	{
		what: "root as ever",
		fails: "user",
		edit: { [GROUPS]: "", [GROUP]: "", [USER]: "" },
	},
	{ what: "the user is forgotten", fails: "user", edit: { [USER]: "" } },
	{ what: "the group is forgotten", fails: "user", edit: { [GROUP]: "" } },
	{
		what: "the group has the user's number",
		fails: "user",
		edit: { [GROUP]: "setgid(IMAGE.user.uid);" },
	},
	{ what: "the groups are forgotten", fails: "groups", edit: { [GROUPS]: "" } },
	{
		what: "no groups but the user's own",
		fails: "groups",
		edit: { [GROUPS]: "setgroups([IMAGE.user.gid]);" },
	},
	{
		what: "the environment of the steps before",
		fails: "environment-of-image",
		edit: { [EXEC]: "execvp([...IMAGE.entrypoint, ...words]);" },
	},
	{
		what: "the dev container's environment, and the image's over it",
		fails: "exec",
		edit: {
			[EXEC]:
				"execvp([...IMAGE.entrypoint, ...words], { ...process.env as Record<string, string>, ...IMAGE.env });",
		},
	},
	{
		what: "the directory is forgotten",
		fails: "working-directory",
		edit: { [DIRECTORY]: "" },
	},
	{
		what: "the user's home for the working directory",
		fails: "directory",
		edit: { [DIRECTORY]: 'chdir(IMAGE.env.HOME ?? "/");' },
	},
	{
		what: "the entrypoint is forgotten",
		fails: "entrypoint",
		edit: { [EXEC]: "execvp(words, IMAGE.env);" },
	},
	{
		what: "the entrypoint behind the command",
		fails: "entrypoint",
		edit: { [EXEC]: "execvp([...words, ...IMAGE.entrypoint], IMAGE.env);" },
	},
	{
		what: "a command that is given replaces the entrypoint, too",
		fails: "entrypoint",
		edit: {
			[EXEC]:
				"execvp(command.length > 0 ? command : [...IMAGE.entrypoint, ...words], IMAGE.env);",
		},
	},
	{
		what: "the command behind the image's own",
		fails: "command-given",
		edit: { [WORDS]: "const words = [...IMAGE.command, ...command];" },
	},
	{
		what: "the entrypoint in the place of the command",
		fails: "command-given",
		edit: {
			[EXEC]:
				"execvp(IMAGE.entrypoint.length > 0 ? IMAGE.entrypoint : words, IMAGE.env);",
		},
	},
	{
		what: "the image's own command is forgotten",
		fails: "command-of-image",
		edit: { [WORDS]: "const words = command;" },
	},
	{
		what: "a shell runs the words, joined",
		fails: "exec",
		edit: {
			[EXEC]:
				'execvp(["sh", "-c", [...IMAGE.entrypoint, ...words].join(" ")], IMAGE.env);',
		},
	},
];

const right: Submissions["right"] = [
	{
		what: "the directory last",
		edit: { [DIRECTORY]: "", [USER]: `${USER} ${DIRECTORY}` },
	},
	{
		what: "the group before the groups",
		edit: { [GROUP]: "", [GROUPS]: `${GROUP} ${GROUPS}` },
	},
	{
		what: "the user above the filter",
		edit: {
			[GROUPS]: "",
			[GROUP]: "",
			[USER]: "",
			[BIT]: `${GROUPS} ${GROUP} ${USER} ${BIT}`,
		},
	},
	{
		what: "the layers in a loop",
		edit: {
			[LOWER]:
				'let lower = ""; for (const layer of IMAGE.layers) lower += (lower && ":") + layer;',
		},
	},
	{
		what: "each layer mounted read-only first",
		edit: {
			[LOWER]:
				'const lower = IMAGE.layers.map((layer, index) => { const place = "/mnt/layer" + index; mkdir(place); mount(layer, place, null, MS_BIND); mount(null, place, null, MS_BIND | MS_REMOUNT | MS_RDONLY); return place; }).join(":");',
		},
	},
	{
		what: "a host name in the environment, as Docker gives it",
		edit: { "IMAGE.env": '{ ...IMAGE.env, HOSTNAME: "container" }' },
	},
	{
		what: "the words are put together in run",
		edit: {
			"return reexec(command)":
				"return reexec([...IMAGE.entrypoint, ...(command.length > 0 ? command : IMAGE.command)])",
			[WORDS]: "",
			[EXEC]: "execvp(command, IMAGE.env);",
		},
	},
	{
		what: "Node's own functions for the user",
		edit: {
			[GROUPS]: "process.setgroups?.(IMAGE.user.groups);",
			[GROUP]: "process.setgid?.(IMAGE.user.gid);",
			[USER]: "process.setuid?.(IMAGE.user.uid);",
		},
	},
];

export default { wrong, right };
