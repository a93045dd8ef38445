import { fileURLToPath } from "node:url";
import type { WorkspaceEdit } from "vscode-languageserver-protocol/node";
import { readTextFile, textChange } from "../files/change/change-tool.ts";
import type { FileChange } from "../files/change/file-change.ts";
import { locate } from "../files/locate.ts";
import { isControlPath } from "../files/sensitive-path.ts";
import { applyTextEdits, type TextEdit } from "./apply-text-edits.ts";

/** Edits of an answer, by file. Throws where it wants more than to edit texts. */
function editsByUri(edit: WorkspaceEdit): Map<string, TextEdit[]> {
	const edits = new Map<string, TextEdit[]>();
	const add = (uri: string, more: readonly TextEdit[]) => edits.set(uri, [...(edits.get(uri) ?? []), ...more]);
	for (const change of edit.documentChanges ?? []) {
		if (!("textDocument" in change)) {
			throw new Error(`The language server wants to ${change.kind} a file as well, which is not done. Rename the file first.`);
		}
		add(
			change.textDocument.uri,
			change.edits.map((one) => {
				if (!("newText" in one)) {
					throw new Error("The language server answers with snippets, which are not applied.");
				}
				return one;
			}),
		);
	}
	if (edit.documentChanges === undefined) {
		for (const [uri, more] of Object.entries(edit.changes ?? {})) {
			add(uri, more);
		}
	}
	return edits;
}

/** What a language server's edit makes of files. Rejects where it reaches outside of the workspace, or files are not as it thinks. */
export async function planWorkspaceEdit(edit: WorkspaceEdit, workspace: string): Promise<readonly FileChange[]> {
	const changes: FileChange[] = [];
	for (const [uri, edits] of editsByUri(edit)) {
		const place = await locate(workspace, uri.startsWith("file:") ? fileURLToPath(uri) : uri);
		if (!place.inside || isControlPath(place.shown)) {
			throw new Error(`The language server wants to change ${place.shown}, which is not a file of the workspace. Nothing was changed.`);
		}
		const before = await readTextFile(place);
		if (before === null) {
			throw new Error(`${place.shown} is not there any more. Nothing was changed.`);
		}
		changes.push(textChange(place, before, applyTextEdits(before.text, edits)));
	}
	return changes.toSorted((a, b) => (a.place.shown < b.place.shown ? -1 : 1));
}
