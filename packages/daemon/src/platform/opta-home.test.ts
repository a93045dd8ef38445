import { describe, expect, it } from "vitest";
import { optaHome, thisPlatform } from "./opta-home.ts";

describe("optaHome", () => {
	it.each([
		["linux", { HOME: "/home/ada" }, "/home/ada/.config/opta"],
		["darwin", { HOME: "/Users/ada" }, "/Users/ada/.config/opta"],
		["win32", { APPDATA: "C:\\Users\\ada\\AppData\\Roaming" }, "C:\\Users\\ada\\AppData\\Roaming\\opta"],
		["win32", { USERPROFILE: "C:\\Users\\ada" }, "C:\\Users\\ada\\AppData\\Roaming\\opta"],
	] as const)("is where %s keeps such things: %j", (platform, environment, expected) => {
		expect(optaHome(environment, platform)).toBe(expected);
	});

	it("is moved by OPTA_HOME, and not by an empty one", () => {
		expect(optaHome({ HOME: "/home/ada", OPTA_HOME: "/srv/opta" }, "linux")).toBe("/srv/opta");
		expect(optaHome({ HOME: "/home/ada", OPTA_HOME: "" }, "linux")).toBe("/home/ada/.config/opta");
	});

	it("treats systems without a name of their own as Linux", () => {
		expect([thisPlatform("freebsd"), thisPlatform("darwin"), thisPlatform("win32")]).toEqual(["linux", "darwin", "win32"]);
	});
});
