/** One line of a hunk. */
export interface HunkLine {
	readonly kind: "keep" | "remove" | "add";
	/** Without its line end. */
	readonly text: string;
}

/** Lines that belong together in a patch. */
export interface Hunk {
	/** Where it was made, counting from 1; only a hint. */
	readonly line?: number;
	/** Lines that stand somewhere before it, outermost first. */
	readonly anchors: readonly string[];
	readonly lines: readonly HunkLine[];
	/** It ends with the file. */
	readonly atEnd: boolean;
	/** What the patch says of the line end at the end of the file; null where it says nothing. */
	readonly finalLineEnd: boolean | null;
}

/** What a patch does to one file. */
export type FilePatch =
	| { readonly kind: "add"; readonly path: string; readonly text: string; readonly executable: boolean }
	| { readonly kind: "delete"; readonly path: string }
	| {
			readonly kind: "update";
			readonly path: string;
			readonly moveTo?: string;
			readonly hunks: readonly Hunk[];
			/** Null: as it is. */
			readonly executable: boolean | null;
	  };

/** A patch that cannot be read or does not fit; the message is for the model. */
export class PatchError extends Error {
	override readonly name = "PatchError";
}

/** A hunk's line by its first letter; null for what cannot be part of a hunk. An empty line is an empty line of context. */
export function hunkLine(raw: string): HunkLine | null {
	const kinds = { " ": "keep", "-": "remove", "+": "add" } as const;
	const first = raw.charAt(0);
	if (raw === "") {
		return { kind: "keep", text: "" };
	}
	return first === " " || first === "-" || first === "+" ? { kind: kinds[first], text: raw.slice(1) } : null;
}
