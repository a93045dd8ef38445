import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { privateRights, writePrivateText } from "./private-file.ts";

describe("privateRights", () => {
	it.each(["linux", "darwin"] as const)("are modes on %s", (platform) => {
		expect(privateRights(platform, "ada")).toEqual({ kind: "mode", file: 0o600, folder: 0o700 });
	});

	it("are an access list for the user alone on Windows", () => {
		expect(privateRights("win32", "ada")).toEqual({ kind: "acl", args: ["/inheritance:r", "/grant:r", "ada:F"] });
	});
});

describe("writePrivateText", () => {
	it("replaces a file whole, readable by its user alone, whatever rights it had", async () => {
		const folder = await mkdtemp(path.join(os.tmpdir(), "opta-private-"));
		const file = path.join(folder, "sub", "state.json");
		await writePrivateText(file, "one");
		await writeFile(path.join(folder, "sub", "open.json"), "old", { mode: 0o644 });
		await writePrivateText(path.join(folder, "sub", "open.json"), "new");
		expect(await readFile(file, "utf8")).toBe("one");
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		expect((await stat(path.join(folder, "sub", "open.json"))).mode & 0o777).toBe(0o600);
		expect((await stat(path.join(folder, "sub"))).mode & 0o777).toBe(0o700);
		expect(await readdir(path.join(folder, "sub"))).toEqual(["open.json", "state.json"]);
	});

	it("takes no signal over meanwhile: a limit on the size of files has to be an error, not the end of the process", async () => {
		const folder = await mkdtemp(path.join(os.tmpdir(), "opta-private-"));
		const listenedFor: (string | symbol)[] = [];
		const note = (name: string | symbol) => listenedFor.push(name);
		process.on("newListener", note);
		onTestFinished(() => void process.off("newListener", note));
		await writePrivateText(path.join(folder, "state.json"), "text");
		expect(listenedFor.filter((name) => String(name).startsWith("SIG"))).toEqual([]);
	});
});
