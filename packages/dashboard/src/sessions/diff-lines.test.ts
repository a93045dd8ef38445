import { expect, it } from "vitest";
import { diffLines, isDiff } from "./diff-lines.ts";

const diff =
	"diff --git a/x.ts b/x.ts\nindex 1..2\n--- a/x.ts\n+++ b/x.ts\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n--- old list\n\\ No newline at end of file\n";

it("names each file once and keeps every line of it", () => {
	expect(diffLines(diff)).toEqual([
		{ kind: "file", text: "x.ts" },
		{ kind: "place", text: "@@ -1,2 +1,2 @@" },
		{ kind: "same", text: " same" },
		{ kind: "removed", text: "-old" },
		{ kind: "added", text: "+new" },
		{ kind: "removed", text: "--- old list" },
	]);
});

it("names a file that was removed", () => {
	expect(diffLines("--- a/gone.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-x")[0]).toEqual({ kind: "file", text: "gone.ts" });
});

it("tells a diff from a command", () => {
	expect([isDiff(diff), isDiff("npm test -- --watch"), isDiff("")]).toEqual([true, false, false]);
});
