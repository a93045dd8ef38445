import type { WorkspaceEdit } from "vscode-languageserver-protocol/node";
import { z } from "zod";
import { type ChangeParts, commitChanges } from "../files/change/commit-changes.ts";
import { changesDiff, type FileChange } from "../files/change/file-change.ts";
import { fileProblem } from "../files/file-problem.ts";
import { locate } from "../files/locate.ts";
import { defineTool, type Tool } from "../tool.ts";
import { findPosition, positionFields } from "./find-position.ts";
import type { LanguageServers } from "./language-servers.ts";
import { planWorkspaceEdit } from "./workspace-edit.ts";

const inputSchema = z.strictObject({ ...positionFields, newName: z.string().min(1).max(500) });
type Input = z.infer<typeof inputSchema>;

/** Plans that wait for their permission; more than a daemon's parallel calls. */
const maxPlans = 64;
/** How long working out a rename may take while nobody can cancel it. */
const planTimeoutMs = 60_000;

async function plan(
	servers: LanguageServers,
	input: Input,
	workspace: string,
	sessionId: string | null,
	signal: AbortSignal,
): Promise<readonly FileChange[]> {
	const place = await locate(workspace, input.path);
	const server = await servers.use(workspace, place.absolute, sessionId, signal);
	const document = await server.bring(place.absolute);
	const position = findPosition(document.text, input);
	const edit = await server.request<WorkspaceEdit | null>(
		"textDocument/rename",
		{ textDocument: { uri: document.uri }, position, newName: input.newName },
		signal,
	);
	const changes = edit === null ? [] : await planWorkspaceEdit(edit, workspace);
	if (changes.length === 0) {
		throw new Error(`There is nothing to rename at ${place.shown}:${input.line}.`);
	}
	return changes;
}

function filesOf(changes: readonly FileChange[]): readonly string[] {
	return changes.map((change) => change.place.shown);
}

/** `lsp_rename`. */
export function renameTool(servers: LanguageServers, parts: ChangeParts): Tool {
	const allowed = new Map<string, readonly string[]>();
	const keyOf = (input: Input, workspace: string) => JSON.stringify([workspace, input]);
	return defineTool<Input>({
		name: "lsp_rename",
		description: "Renames a name everywhere it is used, in all files or none. Say the line and the name as it stands there.",
		kind: "edit",
		input: inputSchema,
		access: async (input, { workspace }) => {
			const { absolute } = await locate(workspace, input.path);
			const unasked = await servers.startsProjectCode(workspace, absolute);
			if (unasked !== null) {
				throw new Error(`${unasked} does not run yet, and a person has to allow it. Call lsp_diagnostics for the file first.`);
			}
			const changes = await plan(servers, input, workspace, null, AbortSignal.timeout(planTimeoutMs));
			const files = filesOf(changes);
			allowed.set(keyOf(input, workspace), files);
			const [oldest] = allowed.keys();
			if (allowed.size > maxPlans && oldest !== undefined) {
				allowed.delete(oldest);
			}
			const title = `Rename ${input.symbol ?? "a name"} to ${input.newName} in ${files.length === 1 ? files[0] : `${files.length} files`}`;
			return { title, detail: changesDiff(changes), subjects: files, alwaysPatterns: files };
		},
		run: async (input, context) => {
			const files = allowed.get(keyOf(input, context.workspace));
			allowed.delete(keyOf(input, context.workspace));
			servers.learn(context.workspace, context.environment);
			try {
				const first = await plan(servers, input, context.workspace, context.sessionId, context.signal);
				if (files?.join("\0") !== filesOf(first).join("\0")) {
					return { ok: false, output: "Other files would change than when this was allowed. Nothing was changed; call again." };
				}
				const paths = first.map((change) => change.place.absolute);
				const changes = await commitChanges(parts, paths, () => Promise.resolve(first), context);
				return { ok: true, output: `Renamed in ${changes.length} files: ${filesOf(changes).join(", ")}`, diff: changesDiff(changes) };
			} catch (error) {
				return { ok: false, output: fileProblem(error, input.path) ?? (error instanceof Error ? error.message : String(error)) };
			}
		},
	});
}
