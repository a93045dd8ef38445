import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf } from "../text/wrap.ts";
import { type EditCommand, edit } from "./edit.ts";
import { layoutEditor, verticalTarget } from "./editor-layout.ts";
import { type EditorState, emptyEditor, unitBoundaries, usedAttachments } from "./editor-state.ts";
import { attach, paste } from "./paste.ts";

const run = (state: EditorState, ...commands: EditCommand[]) => commands.reduce(edit, state);
const type = (text: string): EditCommand => ({ type: "insert", text });
const move = (to: Extract<EditCommand, { type: "move" }>["to"]): EditCommand => ({ type: "move", to });

const texts = fc.oneof(fc.string({ unit: "grapheme", maxLength: 12 }), fc.constantFrom("a b", "\n", "👩‍👩‍👧 é", "漢字"));
const commands: fc.Arbitrary<EditCommand> = fc.oneof(
	texts.map(type),
	fc.constantFrom(...(["left", "right", "wordLeft", "wordRight", "lineStart", "lineEnd", "start", "end"] as const)).map(move),
	fc.constantFrom("left" as const, "right" as const).map((what) => ({ type: "erase" as const, what })),
	fc.constantFrom(...(["wordLeft", "wordRight", "toLineStart", "toLineEnd"] as const)).map((what) => ({ type: "kill" as const, what })),
	fc.constantFrom<EditCommand>({ type: "yank" }, { type: "undo" }, { type: "redo" }),
);

describe("edit", () => {
	it("keeps the cursor between whole characters, whatever is done", () => {
		fc.assert(
			fc.property(fc.array(commands, { maxLength: 30 }), (list) => {
				let state = emptyEditor;
				for (const command of list) {
					state = edit(state, command);
					expect(unitBoundaries(state)).toContain(state.cursor);
				}
			}),
		);
	});

	it("comes back to the empty text by undo, and to the last text by redo", () => {
		fc.assert(
			fc.property(
				fc.array(
					commands.filter((command) => command.type !== "undo" && command.type !== "redo"),
					{ maxLength: 20 },
				),
				(list) => {
					const end = run(emptyEditor, ...list);
					const undone = run(end, ...Array<EditCommand>(list.length).fill({ type: "undo" }));
					expect(undone.text).toBe("");
					expect(run(undone, ...Array<EditCommand>(list.length).fill({ type: "redo" })).text).toBe(end.text);
				},
			),
		);
	});

	it("gives back what was killed in a row as one piece", () => {
		const state = run(emptyEditor, type("one two three"), { type: "kill", what: "wordLeft" }, { type: "kill", what: "wordLeft" });
		expect(state.text).toBe("one ");
		expect(run(state, { type: "yank" }).text).toBe("one two three");
	});

	it("erases an emoji of several code points at once", () => {
		expect(run(emptyEditor, type("a👩‍👩‍👧"), { type: "erase", what: "left" }).text).toBe("a");
	});

	it("moves over words and lines", () => {
		const state = run(emptyEditor, type("one two\nthree"));
		expect(run(state, move("wordLeft")).cursor).toBe(8);
		expect(run(state, move("start"), move("wordRight")).cursor).toBe(3);
		expect(run(state, move("lineStart"), { type: "kill", what: "toLineEnd" }).text).toBe("one two\n");
	});
});

describe("paste", () => {
	const long = Array.from({ length: 120 }, (_, line) => `line ${line}`).join("\r\n");

	it("makes an attachment of a long text, which the cursor passes and erases as one", () => {
		const state = paste(run(emptyEditor, type("see ")), long);
		expect(state.text).toBe("see [Pasted 120 lines]");
		expect(usedAttachments(state)[0]?.content.split("\n")).toHaveLength(120);
		expect(run(state, move("left")).cursor).toBe(4);
		const erased = run(state, { type: "erase", what: "left" });
		expect(erased.text).toBe("see ");
		expect(usedAttachments(erased)).toEqual([]);
	});

	it("tells two texts of the same length apart", () => {
		const state = attach(paste(paste(emptyEditor, long), long), { kind: "text", name: "Output of ls", content: "a" });
		expect(state.text).toBe("[Pasted 120 lines][Pasted 120 lines #2][Output of ls]");
		expect(usedAttachments(state)).toHaveLength(3);
	});

	it("types a short text, without its control characters", () => {
		expect(paste(emptyEditor, "a\u001B[31m\rb").text).toBe("a\nb");
	});
});

describe("editor layout", () => {
	it("holds all text in rows that fit, with one place for each boundary", () => {
		fc.assert(
			fc.property(fc.array(texts, { maxLength: 8 }), fc.integer({ min: 2, max: 12 }), (parts, columns) => {
				const state = run(emptyEditor, ...parts.map(type));
				const { rows } = layoutEditor(state, columns);
				expect(rows.map((row) => row.text).join("")).toBe(state.text.replaceAll("\n", ""));
				expect(rows.flatMap((row) => row.stops.map((stop) => stop.index))).toEqual(unitBoundaries(state));
				// A character of several signs can be wider than the screen; then it has the row to itself.
				for (const row of rows.filter(({ stops }) => stops.length > 1)) {
					expect(columnsOf(row.text)).toBeLessThanOrEqual(columns);
				}
			}),
		);
	});

	it("goes up and down by rows of the screen", () => {
		const state = run(emptyEditor, type("abcdefgh"));
		const layout = layoutEditor(state, 5);
		expect([layout.cursorRow, layout.cursorColumn]).toEqual([1, 3]);
		expect(verticalTarget(layout, "up")).toBe(3);
		expect(verticalTarget(layout, "down")).toBeNull();
	});
});
