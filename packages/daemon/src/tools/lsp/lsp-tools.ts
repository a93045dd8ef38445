import type { Children } from "../../children/children.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { ToolGroup } from "../tool.ts";

/** What the tools of language servers need. */
export interface LspParts {
	readonly children: Children;
	readonly sandbox: Sandbox;
}

/** `lsp_diagnostics`, `lsp_definition`, `lsp_references`, `lsp_symbols`, `lsp_rename` and `lsp_hover`. */
export function lspTools(_parts: LspParts): ToolGroup {
	return { tools: [], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
