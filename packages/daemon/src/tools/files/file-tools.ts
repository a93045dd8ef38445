import type { ToolGroup } from "../tool.ts";
import { applyPatchTool } from "./apply-patch.ts";
import type { ChangeParts } from "./change/commit-changes.ts";
import { editFileTool, multiEditTool } from "./edit-file.ts";
import { listDirTool } from "./list-dir.ts";
import { readFileTool } from "./read-file.ts";
import { writeFileTool } from "./write-file.ts";

/** `read_file`, `write_file`, `edit_file`, `multi_edit`, `apply_patch` and `list_dir`. */
export function fileTools(parts: ChangeParts): ToolGroup {
	const { ledger } = parts;
	return {
		tools: [readFileTool(ledger), writeFileTool(parts), editFileTool(parts), multiEditTool(parts), applyPatchTool(parts), listDirTool()],
		closeSession: (sessionId) => Promise.resolve(ledger.forget(sessionId)),
		close: () => Promise.resolve(),
	};
}
