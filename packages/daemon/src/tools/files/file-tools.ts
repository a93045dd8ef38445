import type { ToolGroup } from "../tool.ts";
import { applyPatchTool } from "./apply-patch.ts";
import { editFileTool, multiEditTool } from "./edit-file.ts";
import { listDirTool } from "./list-dir.ts";
import { createPathLocks } from "./path-locks.ts";
import { readFileTool } from "./read-file.ts";
import { createReadLedger } from "./read-ledger.ts";
import { writeFileTool } from "./write-file.ts";

/** `read_file`, `write_file`, `edit_file`, `multi_edit`, `apply_patch` and `list_dir`. */
export function fileTools(): ToolGroup {
	const ledger = createReadLedger();
	const parts = { ledger, locks: createPathLocks() };
	return {
		tools: [readFileTool(ledger), writeFileTool(parts), editFileTool(parts), multiEditTool(parts), applyPatchTool(parts), listDirTool()],
		closeSession: (sessionId) => Promise.resolve(ledger.forget(sessionId)),
		close: () => Promise.resolve(),
	};
}
