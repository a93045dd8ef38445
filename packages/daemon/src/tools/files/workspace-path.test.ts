import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { absolutePath, isInside, pathProblem, shownPath } from "./workspace-path.ts";

test("a path relative to the workspace stays in it until it climbs out", () => {
	expect(absolutePath("/w", "src/a.ts", "linux")).toBe("/w/src/a.ts");
	expect(isInside("/w", absolutePath("/w", "src/../a.ts", "linux"), "linux")).toBe(true);
	expect(isInside("/w", absolutePath("/w", "../w2/a.ts", "linux"), "linux")).toBe(false);
	expect(isInside("/w", "/w2/a.ts", "linux")).toBe(false);
	expect(isInside("/w", "/w/..a", "linux")).toBe(true);
	expect(isInside("/", "/etc/passwd", "linux")).toBe(true);
});

test("Windows paths are compared without regard to case, and another drive is outside", () => {
	expect(isInside("C:\\Work", "c:\\work\\src\\a.ts", "win32")).toBe(true);
	expect(isInside("C:\\Work", "D:\\Work\\a.ts", "win32")).toBe(false);
	expect(shownPath("C:\\Work", "C:\\work\\src\\a.ts", "win32")).toBe("src/a.ts");
});

test.each(["\\\\server\\share\\x", "//server/share", "\\\\?\\C:\\x", "a.txt:stream", "NUL", "src/con.txt", "name. ", "C:x", "a?b"])(
	"%s is refused on Windows",
	(given) => {
		expect(pathProblem("C:\\Work", given, "win32")).not.toBeNull();
	},
);

test("ordinary names pass on Windows, and what only Windows refuses passes elsewhere", () => {
	for (const given of ["src\\a.ts", "C:\\Work\\a.ts", "../a", "console.ts", ".env"]) {
		expect(pathProblem("C:\\Work", given, "win32")).toBeNull();
	}
	expect(pathProblem("/w", "what?:now", "linux")).toBeNull();
	expect(pathProblem("/w", "a\0b", "linux")).toContain("NUL");
	expect(pathProblem("/w", "~/.ssh/id_rsa", "linux")).toContain("~");
});

test("whatever is said to be inside lies under the workspace by its letters", () => {
	const part = fc.constantFrom("..", ".", "a", "b c", "..a", "", "w");
	fc.assert(
		fc.property(fc.array(part, { maxLength: 8 }), fc.boolean(), (parts, rooted) => {
			const given = (rooted ? "/" : "") + parts.join("/");
			const absolute = absolutePath("/w", given, "linux");
			expect(isInside("/w", absolute, "linux")).toBe(absolute === "/w" || absolute.startsWith("/w/"));
			expect(path.posix.resolve("/w", shownPath("/w", absolute, "linux"))).toBe(absolute);
		}),
	);
});
