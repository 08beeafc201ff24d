/** The file that marks a root file system of the workshop. It shows in `ls /`. */
export const MARKER = "CONTAINER_ROOT";
