import type { ChangeParts } from "../files/change/commit-changes.ts";
import type { ToolGroup } from "../tool.ts";
import { type LanguageServerParts, LanguageServers } from "./language-servers.ts";
import { lookupTools } from "./lookup-tools.ts";
import { renameTool } from "./rename-tool.ts";

/** What the tools of language servers need. */
export interface LspParts extends LanguageServerParts {
	/** What changes of files go through, shared with the tools for files. */
	readonly changes: ChangeParts;
}

/** `lsp_diagnostics`, `lsp_definition`, `lsp_references`, `lsp_symbols`, `lsp_hover` and `lsp_rename`. */
export function lspTools(parts: LspParts): ToolGroup {
	const servers = new LanguageServers(parts);
	return {
		tools: [...lookupTools(servers), renameTool(servers, parts.changes)],
		closeSession: (sessionId) => servers.closeSession(sessionId),
		close: () => servers.close(),
	};
}
