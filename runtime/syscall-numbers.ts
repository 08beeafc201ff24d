/**
 * The system calls that a seccomp filter can name here, by number: on x86-64, and on arm64. A filter sees numbers and no names.
 * From <asm/unistd_64.h> and <asm-generic/unistd.h>.
 */
export const SYSCALLS = {
	add_key: [248, 217],
	bpf: [321, 280],
	clone: [56, 220],
	clone3: [435, 435],
	delete_module: [176, 106],
	finit_module: [313, 273],
	fsconfig: [431, 431],
	fsmount: [432, 432],
	fsopen: [430, 430],
	fspick: [433, 433],
	init_module: [175, 105],
	io_uring_setup: [425, 425],
	kexec_load: [246, 104],
	keyctl: [250, 219],
	mount: [165, 40],
	mount_setattr: [442, 442],
	move_mount: [429, 429],
	open_by_handle_at: [304, 265],
	open_tree: [428, 428],
	perf_event_open: [298, 241],
	pivot_root: [155, 41],
	ptrace: [101, 117],
	reboot: [169, 142],
	request_key: [249, 218],
	setns: [308, 268],
	umount2: [166, 39],
	unshare: [272, 97],
	userfaultfd: [323, 282],
} as const satisfies Record<string, readonly [x64: number, arm64: number]>;

/** A system call's name: "unshare" */
export type SyscallName = keyof typeof SYSCALLS;
