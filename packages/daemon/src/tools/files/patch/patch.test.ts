import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyHunks } from "./apply-hunks.ts";
import { parsePatch } from "./parse-patch.ts";

/** Applies a patch for one existing file. */
function patched(original: string, patch: string): string {
	const [file] = parsePatch(patch);
	if (file?.kind !== "update") {
		throw new Error(`not an update: ${file?.kind}`);
	}
	return applyHunks(original, file.hunks, file.path);
}

const line = fc.constantFrom("", "a", "b", "  c", "- d", "-- e", "+ f", "++ g", "@@ h", "\\ i", "*** j", "--- k", "+++ l", "diff");
const text = fc
	.tuple(fc.array(line, { maxLength: 14 }), fc.boolean())
	.map(([lines, ends]) => (lines.length === 0 ? "" : lines.join("\n") + (ends ? "\n" : "")));

test("the diff between any two texts, applied to the first, gives the second", () => {
	fc.assert(
		fc.property(text, text, fc.integer({ min: 0, max: 4 }), (before, after, context) => {
			fc.pre(before !== after && before !== "" && after !== "");
			expect(patched(before, createTwoFilesPatch("a/x", "b/x", before, after, undefined, undefined, { context }))).toBe(after);
		}),
		{ numRuns: 2000 },
	);
});

test("the same where the file ends its lines with CRLF and the patch does not", () => {
	const plain = fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 10 }).map((lines) => `${lines.join("\n")}\n`);
	fc.assert(
		fc.property(plain, plain, (before, after) => {
			fc.pre(before !== after);
			const patch = createTwoFilesPatch("x", "x", before, after);
			expect(patched(before.replaceAll("\n", "\r\n"), patch)).toBe(after.replaceAll("\n", "\r\n"));
		}),
	);
});

test("a patch with wrong numbers, as models write them, fits by its lines", () => {
	const original = "one\ntwo\nthree\nfour\nfive\n";
	expect(patched(original, "--- a/x\n+++ b/x\n@@ -90,7 +1,2 @@\n two\n-three\n+3\n four\n")).toBe("one\ntwo\n3\nfour\nfive\n");
	expect(patched(original, "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+1\n@@ ... @@\n-five\n+5\n")).toBe("1\ntwo\nthree\nfour\n5\n");
});

test("lines that stand in several places need a hint", () => {
	const original = "f\n x\nend\ng\n x\nend\n";
	const update = (hunk: string): string => `*** Begin Patch\n*** Update File: x\n${hunk}\n*** End Patch`;
	expect(() => patched(original, update("- x\n+ y"))).toThrow(/2 times \(from lines 2, 5\)/);
	expect(patched(original, update("@@ g\n- x\n+ y"))).toBe("f\n x\nend\ng\n y\nend\n");
	expect(patched(original, update(" end\n+tail\n*** End of File"))).toBe("f\n x\nend\ng\n x\nend\ntail\n");
	expect(patched(original, "--- x\n+++ x\n@@ -5,1 +5,1 @@\n- x\n+ y\n")).toBe("f\n x\nend\ng\n y\nend\n");
});

test("a hunk that fits nowhere says so with its lines", () => {
	expect(() => patched("a\n", "--- x\n+++ x\n@@ -1 +1 @@\n-zebra\n+y\n")).toThrow(/hunk 1 of 1: these lines are not in the file.*zebra/s);
});

test("both formats add, delete, move and change files", () => {
	expect(
		parsePatch(
			"*** Begin Patch\n*** Add File: new.txt\n+hello\n+world\n*** Delete File: old.txt\n*** Update File: a.txt\n*** Move to: b.txt\n@@\n-x\n+y\n*** End Patch\n",
		),
	).toMatchObject([
		{ kind: "add", path: "new.txt", text: "hello\nworld\n" },
		{ kind: "delete", path: "old.txt" },
		{ kind: "update", path: "a.txt", moveTo: "b.txt" },
	]);
	expect(
		parsePatch(
			"diff --git a/new.sh b/new.sh\nnew file mode 100755\n--- /dev/null\n+++ b/new.sh\n@@ -0,0 +1 @@\n+#!/bin/sh\ndiff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/p q/p\ndiff --git a/from b/to\nsimilarity index 100%\nrename from from\nrename to to\ndiff --git a/run b/run\nold mode 100644\nnew mode 100755\n".replace(
				"diff --git a/p q/p\n",
				"",
			),
		),
	).toMatchObject([
		{ kind: "add", path: "new.sh", text: "#!/bin/sh\n", executable: true },
		{ kind: "delete", path: "gone" },
		{ kind: "update", path: "from", moveTo: "to", hunks: [] },
		{ kind: "update", path: "run", executable: true },
	]);
});

test.each([
	["no patch at all", "There is no file"],
	["*** Begin Patch\n*** Add File: a\n+x", "may be cut off"],
	["*** Begin Patch\n*** Change File: a\n*** End Patch", "is none of"],
	["*** Begin Patch\n*** Add File: a\nx\n*** End Patch", 'starts with "\\+"'],
	["*** Begin Patch\n*** Delete File: a\n*** Add File: a\n+x\n*** End Patch", "twice"],
	["diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n", "only ordinary files"],
	["diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n", "Binary"],
])("%j is refused", (patch, reason) => {
	expect(() => parsePatch(patch)).toThrow(new RegExp(reason));
});

test("no text makes the reader fail otherwise than by saying what is wrong", () => {
	const piece = fc.constantFrom(
		"*** Begin Patch",
		"*** End Patch",
		"*** Update File: a",
		"@@",
		"@@ -1 +1 @@",
		"--- a",
		"+++ b",
		"-x",
		"+y",
		" z",
		"\\ No",
		"",
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
			try {
				parsePatch(pieces.join("\n"));
			} catch (error) {
				expect((error as Error).name).toBe("PatchError");
			}
		}),
	);
});
