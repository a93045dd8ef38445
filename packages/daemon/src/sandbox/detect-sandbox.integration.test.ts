import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { whyNoSandbox } from "../testing/sandbox-here.ts";
import { detectSandbox } from "./detect-sandbox.ts";
import type { Sandbox } from "./sandbox.ts";

const run = promisify(execFile);
const sources = { platform: "linux", enabled: true, searchPath: "/usr/local/bin:/usr/bin:/bin" } as const;
let here: string;
let workspace: string;
let sandbox: Sandbox;

beforeEach(async (context) => {
	context.skip(whyNoSandbox !== null || process.platform !== "linux", whyNoSandbox ?? "this is not Linux");
	here = await realpath(await mkdtemp(path.join(tmpdir(), "opta-sandbox-test-")));
	onTestFinished(() => rm(here, { recursive: true, force: true }));
	workspace = path.join(here, "project");
	for (const folder of ["project/.git/hooks", "user/.ssh", "daemon", "tmp"]) {
		await mkdir(path.join(here, folder), { recursive: true });
	}
	await writeFile(path.join(workspace, ".git/config"), "[core]\n");
	await writeFile(path.join(here, "user/.ssh/id"), "KEY");
	await writeFile(path.join(here, "user/.netrc"), "KEY");
	await writeFile(path.join(here, "daemon/state.json"), "TOKEN");
	await writeFile(path.join(here, "user/notes.txt"), "readable");
	sandbox = await detectSandbox({ ...sources, userHome: path.join(here, "user"), hidden: [path.join(here, "daemon")] });
});

/** What a script prints inside, with its errors. */
async function inside(script: string, network = false): Promise<string> {
	const { file, args } = await sandbox.wrap(
		{ file: "/bin/sh", args: ["-c", `exec 2>&1; ${script}`] },
		{ workspace, tmp: path.join(here, "tmp"), network },
	);
	return (await run(file, args, { cwd: workspace })).stdout;
}

test("writes reach the workspace and temporary files, nothing else", async () => {
	const out = await inside(`echo new > made.txt; echo tmp > /tmp/x; echo no > /etc/opta-no || echo refused; echo no > ${here}/no`);
	expect(await readFile(path.join(workspace, "made.txt"), "utf8")).toBe("new\n");
	expect(await readFile(path.join(here, "tmp/x"), "utf8")).toBe("tmp\n");
	expect(out).toContain("refused");
	await expect(readFile(path.join(here, "no"))).rejects.toThrow("ENOENT");
});

test("hooks and settings of git cannot be changed", async () => {
	const out = await inside(
		"echo x > .git/hooks/post-commit || echo refused; echo x >> .git/config || echo refused; rm -rf .git/config; mv .git/hooks h || echo refused; echo ok > .git/HEAD && echo written",
	);
	expect(out.match(/^refused$/gm)).toHaveLength(3);
	expect(out).toContain("written");
	expect(await readFile(path.join(workspace, ".git/config"), "utf8")).toBe("[core]\n");
});

/** Outside of `/tmp`, of which commands have their own. */
test("keys of people and the daemon's own files cannot be read, other files can", async (context) => {
	const home = await mkdtemp("/var/lib/opta-sandbox-test-").catch(() => null);
	context.skip(home === null, "this user may not write to /var/lib");
	onTestFinished(() => rm(home!, { recursive: true, force: true }));
	await mkdir(path.join(home!, ".ssh"));
	await mkdir(path.join(home!, "daemon"));
	await writeFile(path.join(home!, ".ssh/id"), "KEY");
	await writeFile(path.join(home!, ".netrc"), "KEY");
	await writeFile(path.join(home!, "daemon/state.json"), "TOKEN");
	await writeFile(path.join(home!, "notes.txt"), "readable");
	await chmod(home!, 0o755);
	sandbox = await detectSandbox({ ...sources, userHome: home!, hidden: [path.join(home!, "daemon")] });

	const out = await inside(`cat ${home}/.ssh/id ${home}/.netrc ${home}/daemon/state.json ${home}/notes.txt; true`);

	expect(out).toContain("readable");
	expect(out).not.toMatch(/KEY|TOKEN/);
});

test("services of this computer are reached only where the network is on", async () => {
	const server = createServer((_, response) => response.end("hello"));
	await new Promise<void>((resolve) => {
		server.listen(0, "127.0.0.1", resolve);
	});
	onTestFinished(() => {
		server.close();
	});
	// By the shell itself: another program could lie below /tmp, which the sandbox has its own of. With a socket for its input bash reads ~/.bashrc.
	const { port } = server.address() as AddressInfo;
	const ask = `bash --norc -c '{ exec 3<>/dev/tcp/127.0.0.1/${port} && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && tail -n 1 <&3; } 2>/dev/null || echo cut off'`;
	expect(await inside(ask)).toBe("cut off\n");
	expect(await inside(ask, true)).toBe("hello");
});

test("processes outside are not seen, and rights of root are gone", async () => {
	const out = await inside(`kill -0 ${process.pid} || echo unseen; grep CapEff /proc/self/status`);
	expect(out).toContain("unseen");
	expect(out).toMatch(/CapEff:\s+0+$/m);
});

test("without the program people are told what to install; switched off, that it is", async () => {
	const missing = await detectSandbox({ ...sources, searchPath: "/nonexistent", userHome: "/nonexistent", hidden: [] });
	expect(missing).toMatchObject({ kind: "none", note: expect.stringContaining('Install the package "bubblewrap"') });
	const off = await detectSandbox({ ...sources, enabled: false, userHome: "/nonexistent", hidden: [] });
	expect(off).toMatchObject({ kind: "none", note: expect.stringContaining("tools.sandbox.enabled") });
});

test("a program that does not work is not used, and its words are passed on", async () => {
	const folder = path.join(here, "bin");
	await mkdir(folder);
	await writeFile(path.join(folder, "bwrap"), "#!/bin/sh\necho 'No permissions to create new namespace' >&2\nexit 1\n", { mode: 0o755 });
	const broken = await detectSandbox({ ...sources, searchPath: folder, userHome: "/nonexistent", hidden: [] });
	expect(broken).toMatchObject({ kind: "none", note: expect.stringContaining("No permissions to create new namespace") });
});
