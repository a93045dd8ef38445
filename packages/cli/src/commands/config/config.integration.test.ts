import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

it("changes the file of the user, and takes it back", async () => {
	expect((await bench.run(["config", "set", "agent.maxSteps", "7"])).code).toBe(0);
	expect((await bench.run(["config", "get", "agent.maxSteps"])).stdout).toBe("7\n");
	expect((await bench.run(["config", "set", "agent.maxSteps", "many"])).code).toBe(3);
	expect((await bench.run(["--set", "agent.maxSteps=9", "config", "get", "agent.maxSteps"])).stdout).toBe("9\n");
	await bench.run(["config", "unset", "agent.maxSteps"]);
	expect((await bench.run(["config", "get", "agent.maxSteps"])).stdout).toBe("50\n");
});

it("takes the admin key from a pipe to where secrets are, never into the file, and never shows it", async () => {
	expect((await bench.run(["config", "set", "connection.adminKey"], { input: "a-secret-key\n" })).code).toBe(0);
	const file = (await bench.run(["config", "path"])).stdout.trim();
	expect(await readFile(file, "utf8").catch(() => "")).not.toContain("a-secret-key");
	expect((await bench.run(["config", "list", "--json"])).stdout).not.toContain("a-secret-key");
});

it("opens the file in the editor, and says where a mistake is", async () => {
	const editor = path.join(bench.workspace, "editor.sh");
	await writeFile(editor, '#!/bin/sh\nprintf \'{\\n\\t"model": 5\\n}\\n\' > "$1"\n', { mode: 0o755 });
	const { code, stderr } = await bench.run(["config", "edit"], { environment: { EDITOR: editor } });
	expect(code).toBe(3);
	expect(stderr).toContain("config.json:2");
});

it("adds servers of tools and removes them", async () => {
	await writeFile(path.join(bench.home, "config.json"), "{}");
	const add = await bench.run(["mcp", "add", "files", "--env", "A=1", "--", "npx", "-y", "server", "."]);
	expect(add.code).toBe(0);
	const { servers } = JSON.parse((await bench.run(["mcp", "list", "--json"])).stdout);
	expect(servers).toEqual([{ name: "files", target: "npx -y server .", enabled: true, state: null, tools: null, problem: null }]);
	expect((await bench.run(["mcp", "add", "files", "--url", "http://127.0.0.1:1/mcp"])).code).toBe(1);
	expect((await bench.run(["mcp", "remove", "files"])).code).toBe(0);
	expect((await bench.run(["mcp", "remove", "files"])).code).toBe(1);
});
