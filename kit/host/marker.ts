/** The file by which a root file system of the workshop is known. It shows in `ls /`. */
export const MARKER = "CONTAINER_ROOT";
