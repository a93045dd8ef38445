import { expect, test } from "vitest";
import { commandAccess } from "./command-access.ts";

const request = { command: "npm test && git diff > out.txt", folder: "/project", network: false, background: false };

test("each command and each file that is written is asked for, and always proposes for each", async () => {
	expect(await commandAccess(request, "/project", "linux")).toEqual({
		title: "Run npm test && git diff > out.txt",
		detail: "npm test && git diff > out.txt",
		subjects: ["npm test", "git diff", "> out.txt"],
		alwaysPatterns: ["npm test", "npm test *", "git diff", "git diff *", "> out.txt"],
		outsideWorkspace: false,
	});
});

test("with network, rules for ordinary commands do not suffice", async () => {
	const access = await commandAccess({ ...request, command: "npm install", network: true }, "/project", "linux");
	expect(access.subjects).toEqual(["npm install", "network: npm install"]);
	expect(access.alwaysPatterns).toContain("network: npm install *");
	expect(access.detail).toContain("With access to the network.");
});

test("what cannot be told is asked for whole, and there is no always", async () => {
	const access = await commandAccess({ ...request, command: "ls; $X" }, "/project", "linux");
	expect(access.subjects).toEqual(["ls", "$X", "unclear: ls; $X"]);
	expect(access.alwaysPatterns).toEqual([]);
});

test("a redirection without a command is asked for", async () => {
	expect((await commandAccess({ ...request, command: "> a.txt" }, "/project", "linux")).subjects).toEqual(["> a.txt"]);
});

test("PowerShell is always asked for whole", async () => {
	expect((await commandAccess({ ...request, command: "dir" }, "/project", "win32")).subjects).toEqual(["unclear: dir"]);
});

test("a folder outside of the workspace is outside", async () => {
	expect((await commandAccess({ ...request, command: "ls", folder: "/etc" }, "/project", "linux")).outsideWorkspace).toBe(true);
	expect((await commandAccess({ ...request, command: "ls", folder: "/project/src" }, "/project", "linux")).outsideWorkspace).toBe(false);
});
