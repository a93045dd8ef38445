import koffi from "koffi";

/** `PR_SET_PDEATHSIG` of prctl(2). */
const setParentDeathSignal = 1;
const sigkill = 9;

/**
 * Ends this process when its parent is gone, also after `kill -9`: the closed channel tells an idle process;
 * on Linux the kernel ends one that is in the middle of a long computation too.
 */
export function dieWithParent(): void {
	process.on("disconnect", () => process.exit(0));
	if (process.platform === "linux") {
		const prctl = koffi.load(null).func("int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)");
		prctl(setParentDeathSignal, sigkill, 0, 0, 0);
	}
}
