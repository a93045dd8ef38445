/** True when the error says that there is no such process any more (macOS answers EPERM for a group of zombies). */
function isGone(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}

/** Ends a process and everything that it started and that is still in its group. The process must lead its group. */
export function killGroup(pid: number): void {
	try {
		process.kill(-pid, "SIGKILL");
	} catch (error) {
		if (!isGone(error)) {
			throw error;
		}
	}
}
