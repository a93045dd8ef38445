import type { ToolGroup } from "../tool.ts";
import { gitCommitTool } from "./git-commit.ts";
import { gitDiffTool } from "./git-diff.ts";
import { gitLogTool } from "./git-log.ts";
import { gitStatusTool } from "./git-status.ts";

/** `git_status`, `git_diff`, `git_log` and `git_commit`. */
export function gitTools(): ToolGroup {
	return {
		tools: [gitStatusTool(), gitDiffTool(), gitLogTool(), gitCommitTool()],
		closeSession: () => Promise.resolve(),
		close: () => Promise.resolve(),
	};
}
