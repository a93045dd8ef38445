import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { childEnvironment, readDotEnv, repositoryRoot } from "../environment/env.ts";
import { findFreePortBlock } from "../spawned/free-ports.ts";
import { processTree } from "../spawned/process-tree.ts";

const folder = mkdtempSync(path.join(tmpdir(), "opta-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `npm start` with flags until it ends by itself. */
async function runStart(
	flags: readonly string[],
): Promise<{ readonly exitCode: number; readonly stderr: string; readonly stdout: string }> {
	const script = fileURLToPath(new URL("main.ts", import.meta.url));
	const child = spawn(process.execPath, [script, "--state-dir", folder, ...flags], {
		env: childEnvironment(),
		stdio: ["ignore", "pipe", "pipe"],
	});
	let [stdout, stderr] = ["", ""];
	child.stdout.on("data", (chunk) => {
		stdout += chunk;
	});
	child.stderr.on("data", (chunk) => {
		stderr += chunk;
	});
	const [exitCode] = await once(child, "close");
	return { exitCode, stdout, stderr };
}

async function freePorts(): Promise<readonly string[]> {
	const base = await findFreePortBlock(12);
	const flags = { "port-base": base, "supabase-port": base + 9, "mailbox-port": base + 10, "lmx-port": base + 11, "door-port": base + 12 };
	return Object.entries(flags).flatMap(([flag, port]) => [`--${flag}`, String(port)]);
}

describe("npm start with wrong input", () => {
	it("names a port that is taken, and who has it, before anything is started", async () => {
		const holder = createServer().listen(0, "127.0.0.1");
		await once(holder, "listening");
		const { port } = holder.address() as AddressInfo;
		const { exitCode, stdout, stderr } = await runStart([...(await freePorts()), "--lmx-port", String(port)]);
		holder.close();
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(new RegExp(`^Port ${port} \\(LMX\\) is in use by .*process ${process.pid}\\)\\.\nNothing was started\\.`));
		expect(stdout).toBe("");
	});

	it("names a flag or a value that cannot be meant", async () => {
		expect(await runStart(["--prot-base", "4000"])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--prot-base") });
		expect(await runStart(["--lmx-port", "many"])).toMatchObject({
			exitCode: 1,
			stderr: '--lmx-port is "many"; it must be a whole number from 1024 to 65535.\n',
		});
	});

	it.each([
		["that is not there", (file: string) => rmSync(file, { force: true })],
		["that was cut short", (file: string) => truncateSync(file, 300_000)],
	])("says in one line which model file it is %s, and leaves no process behind", async (_, spoil) => {
		const model = path.join(folder, "model.gguf");
		writeFileSync(model, "GGUF");
		spoil(model);
		const before = processTree(process.pid).length;
		const { exitCode, stderr } = await runStart([...(await freePorts()), "--model", model]);
		expect(exitCode).toBe(1);
		expect(stderr).toContain(model);
		expect(stderr).not.toMatch(/^\s+at /m);
		expect(stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
		expect(processTree(process.pid).length).toBe(before);
	});
});

describe(".env", () => {
	it("is optional, and a broken line is named", () => {
		expect(readDotEnv(path.join(folder, "none"))).toEqual({ ok: true, variables: {} });
		const file = path.join(folder, "broken.env");
		writeFileSync(file, "OPTA_PORT_BASE=4000\nOPTA_HOME: /srv\n");
		expect(readDotEnv(file)).toEqual({ ok: false, message: expect.stringContaining("line 2") });
	});

	it("is shown whole in the example", () => {
		expect(readDotEnv(path.join(repositoryRoot, ".env.example"))).toEqual({ ok: true, variables: {} });
	});
});
