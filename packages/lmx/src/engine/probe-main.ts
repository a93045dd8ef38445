import { dieWithParent } from "../child-process/die-with-parent.ts";
import { findLibrary } from "./library/find-library.ts";
import { bindLibllama } from "./library/libllama.ts";
import type { Backend } from "./library/platform-build.ts";

/** What the process that asks the graphics cards tells its parent. */
export interface ProbeAnswer {
	readonly totalBytes: number;
	readonly freeBytes: number;
}

/** Asks the graphics cards once and ends: their library is never loaded into the server, which it could take down. */
dieWithParent();
process.once("message", (backend: Backend) => {
	const answer: ProbeAnswer = bindLibllama(findLibrary(backend)).videoMemory();
	process.send?.(answer, undefined, undefined, () => process.exit(0));
});
