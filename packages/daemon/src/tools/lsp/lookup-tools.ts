import type { Definition, DefinitionLink, DocumentSymbol, Hover, Location, SymbolInformation } from "vscode-languageserver-protocol/node";
import { z } from "zod";
import { locate } from "../files/locate.ts";
import { type Places, placeTool } from "../files/place-tool.ts";
import { limitOutput } from "../output/limit-output.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tool.ts";
import { findPosition, type GivenPosition, positionFields } from "./find-position.ts";
import type { LanguageServer } from "./language-server.ts";
import type { LanguageServers } from "./language-servers.ts";
import type { OpenDocument } from "./open-documents.ts";
import { showDiagnostics, showHover, showLocations, showSymbols } from "./show-answers.ts";

/** A tool that asks a language server about a file. */
interface Lookup<Input extends { readonly path: string }> {
	readonly name: string;
	readonly description: string;
	readonly input: z.ZodType<Input>;
	readonly title: (input: Input, shown: string) => string;
	/** What the model is told where the answer is empty. */
	readonly nothing: string;
	readonly ask: (server: LanguageServer, document: OpenDocument, input: Input, context: ToolContext) => Promise<string>;
}

const positionInput = z.strictObject(positionFields);

function at(document: OpenDocument, input: GivenPosition): object {
	return { textDocument: { uri: document.uri }, position: findPosition(document.text, input) };
}

function lookupTool<Input extends { readonly path: string }>(servers: LanguageServers, lookup: Lookup<Input>): Tool {
	const run = async (input: Input, [place]: Places, context: ToolContext): Promise<ToolOutcome> => {
		servers.learn(context.workspace, context.environment);
		try {
			const server = await servers.use(context.workspace, place.absolute, context.sessionId, context.signal);
			const text = await lookup.ask(server, await server.bring(place.absolute), input, context);
			const limited = limitOutput(text === "" ? lookup.nothing : text, context.maxOutputBytes, "Ask about a narrower place.");
			return { ok: true, output: limited.text, truncated: limited.truncated };
		} catch (error) {
			return { ok: false, output: error instanceof Error ? error.message : String(error) };
		}
	};
	const tool = placeTool<Input>({
		name: lookup.name,
		description: lookup.description,
		kind: "read",
		input: lookup.input,
		paths: (input) => [input.path],
		title: (input, [shown]) => lookup.title(input, shown),
		run,
	});
	return {
		...tool,
		access: async (raw, context) => {
			const access = await tool.access(raw, context);
			const { absolute } = await locate(context.workspace, lookup.input.parse(raw).path);
			const server = await servers.startsProjectCode(context.workspace, absolute);
			return server === null
				? access
				: { ...access, title: `${access.title} (starts ${server}, which runs code of the project)`, outsideWorkspace: true };
		},
	};
}

/** `lsp_diagnostics`, `lsp_definition`, `lsp_references`, `lsp_symbols` and `lsp_hover`. */
export function lookupTools(servers: LanguageServers): readonly Tool[] {
	return [
		lookupTool(servers, {
			name: "lsp_diagnostics",
			description: "Errors and warnings that the language server finds in a file, as it is on disk now.",
			input: z.strictObject({ path: positionFields.path }),
			title: (_, shown) => `Check ${shown}`,
			nothing: "No errors and no warnings.",
			ask: async (server, document, _, { signal }) => showDiagnostics(await server.diagnostics(document, signal)),
		}),
		lookupTool(servers, {
			name: "lsp_definition",
			description: "Where a name is defined. Say the line and the name as it stands there.",
			input: positionInput,
			title: (input, shown) => `Find the definition of ${input.symbol ?? "a name"} in ${shown}:${input.line}`,
			nothing: "No definition was found.",
			ask: async (server, document, input, { signal, workspace }) =>
				showLocations(
					await server.request<Definition | DefinitionLink[] | null>("textDocument/definition", at(document, input), signal),
					workspace,
				),
		}),
		lookupTool(servers, {
			name: "lsp_references",
			description: "Everywhere that a name is used, its definition included.",
			input: positionInput,
			title: (input, shown) => `Find uses of ${input.symbol ?? "a name"} in ${shown}:${input.line}`,
			nothing: "No uses were found.",
			ask: async (server, document, input, { signal, workspace }) => {
				const params = { ...at(document, input), context: { includeDeclaration: true } };
				return showLocations(await server.request<Location[] | null>("textDocument/references", params, signal), workspace);
			},
		}),
		lookupTool(servers, {
			name: "lsp_symbols",
			description:
				"Names that a file defines (functions, classes, …) with their lines; with query, those of the whole workspace that match it.",
			input: z.strictObject({ path: positionFields.path, query: z.string().max(200).optional() }),
			title: (input, shown) => (input.query === undefined ? `List names in ${shown}` : `Find the name ${input.query} in the workspace`),
			nothing: "No names were found.",
			ask: async (server, document, { query }, { signal, workspace }) => {
				const [method, params] =
					query === undefined ? ["textDocument/documentSymbol", { textDocument: { uri: document.uri } }] : ["workspace/symbol", { query }];
				return showSymbols(
					await server.request<(DocumentSymbol | SymbolInformation)[] | null>(method as string, params as object, signal),
					workspace,
				);
			},
		}),
		lookupTool(servers, {
			name: "lsp_hover",
			description: "Type and documentation of a name.",
			input: positionInput,
			title: (input, shown) => `Look up ${input.symbol ?? "a name"} in ${shown}:${input.line}`,
			nothing: "The language server says nothing about it.",
			ask: async (server, document, input, { signal }) =>
				showHover(await server.request<Hover | null>("textDocument/hover", at(document, input), signal)),
		}),
	];
}
