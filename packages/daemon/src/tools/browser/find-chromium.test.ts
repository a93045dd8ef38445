import { expect, test } from "vitest";
import { findChromium } from "./find-chromium.ts";

test("PATH comes first, then where such browsers are installed", () => {
	expect(
		findChromium("linux", { PATH: "/opt/bin:/usr/bin" }, (file) => file === "/opt/bin/google-chrome" || file === "/usr/bin/chromium"),
	).toBe("/opt/bin/google-chrome");
	expect(findChromium("darwin", { PATH: "/usr/bin" }, (file) => file.startsWith("/Applications/Chromium"))).toBe(
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	);
	expect(findChromium("win32", { PROGRAMFILES: "C:\\Program Files" }, (file) => file.includes("Edge"))).toContain("msedge.exe");
	expect(findChromium("linux", {}, () => false)).toBeNull();
});
