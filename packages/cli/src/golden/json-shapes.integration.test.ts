import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { startStandInAccounts } from "@opta/reach/testing/stand-in-accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runProgram } from "../program/run-program.ts";
import { createOutput } from "../terminal/output.ts";
import { type CliBench, startCliBench } from "../testing/cli-process.ts";
import { shapeOf } from "./shape-of.ts";

/*
 * The JSON of every command that needs a daemon, and its exit code. Written anew like the other golden files:
 * `vitest run --project integration packages/cli/src/golden -u`.
 */

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

/** Runs the program in this process, as one call. */
async function call(...args: string[]): Promise<{ code: number; stdout: string }> {
	let stdout = "";
	const collect = {
		write: (part: string, done?: () => void) => {
			stdout += part;
			done?.();
		},
	};
	const silent = { write: (_part: string, done?: () => void) => done?.() };
	const output = createOutput(collect, silent, bench.environment);
	const input = { isTerminal: false, stream: Readable.from([]), readAll: () => text(Readable.from([])) };
	const code = await runProgram({
		args,
		output,
		input,
		// Whether there is a sandbox is the machine's matter.
		environment: { ...bench.environment, OPTA_TOOLS_SANDBOX_ENABLED: "false" },
		folder: bench.workspace,
		signal: new AbortController().signal,
	});
	return { code, stdout };
}

it("keeps the JSON that scripts read", async () => {
	const shapes: Record<string, unknown> = {};
	const place = `${bench.model.host}:${bench.model.port}`;
	const titleOf = (args: readonly string[]): string =>
		`opta ${args.map((part) => (part.startsWith(bench.workspace) ? path.basename(part) : part === place ? "<address>" : part)).join(" ")}`;
	const note = async (...args: string[]): Promise<void> => {
		const { code, stdout } = await call(...args);
		shapes[titleOf(args)] = { exit: code, stdout: shapeOf(JSON.parse(stdout)) };
	};
	/** For commands that print no JSON: whether they print anything. */
	const noteText = async (...args: string[]): Promise<void> => {
		const { code, stdout } = await call(...args);
		shapes[titleOf(args)] = { exit: code, stdout: stdout === "" ? "nothing" : "text" };
	};
	await note("version", "--json");
	const stopped = await call("daemon", "status", "--json");
	expect([stopped.code, JSON.parse(stopped.stdout).running]).toEqual([4, false]);
	await note("daemon", "start", "--json");
	await note("daemon", "status", "--json");
	bench.model.reply({ text: "First." });
	await note("do", "--json", "--no-stdin", "begin");
	await note("sessions", "list", "--json");
	await note("sessions", "show", "last", "--json");
	await note("sessions", "search", "begin", "--json");
	await note("sessions", "rename", "last", "A name", "--json");
	const { id } = JSON.parse((await call("sessions", "fork", "last", "--json")).stdout);
	const exported = await call("sessions", "export", id, "--format", "json");
	const file = path.join(bench.workspace, "session.json");
	await writeFile(file, exported.stdout);
	const removed = await call("sessions", "rm", id, "--json");
	expect(shapeOf(JSON.parse(removed.stdout))).toEqual({ removed: ["string"] });
	const restored = await call("sessions", "restore", id, "--json");
	expect(JSON.parse(restored.stdout)).toMatchObject({ id });
	await note("sessions", "import", file, "--json");
	await note("config", "get", "model", "--json");
	await note("config", "list", "--json");
	await note("mcp", "list", "--json");
	await noteText("mcp", "add", "notes", "--", "true");
	await noteText("mcp", "remove", "notes");
	await note("status", "--json");
	await note("connect", place, "--json");
	await noteText("daemon", "install", "--print");
	await note("daemon", "pair", "--json");
	await note("daemon", "pair", "--list", "--json");
	await note("serve", "stop", "--json");
	await note("account", "whoami", "--json");
	await note("account", "devices", "--json");
	await note("vault", "list", "--json");
	await note("account", "logout", "--json");
	await note("vault", "status", "--json");
	await note("reach", "--json");
	await note("reach", "allow", "see,approve", "--json");
	await note("reach", "off", "--json");
	await note("bot", "list", "--json");
	await note("bot", "create", "--name", "Notes", "--port", "80", "--json");
	await note("update", "--json");
	await note("daemon", "stop", "--json");
	const accounts = await startStandInAccounts();
	await writeFile(path.join(bench.home, "config.json"), JSON.stringify({ accounts: { origin: accounts.origin } }));
	await writeFile(path.join(bench.home, "account.json"), JSON.stringify(accounts.credential), { mode: 0o600 });
	for (const verb of ["whoami", "devices", "logout"]) {
		const { code, stdout } = await call("account", verb, "--json");
		shapes[`opta account ${verb} --json, signed in`] = { exit: code, stdout: shapeOf(JSON.parse(stdout)) };
	}
	await accounts.close();
	await expect(`${JSON.stringify(shapes, null, "\t")}\n`).toMatchFileSnapshot("./json-shapes.golden.txt");
});

it("keeps the JSON of opta doctor, whatever it finds on a machine", async () => {
	const { code, stdout } = await call("doctor", "--json");
	const { checks, ...rest } = JSON.parse(stdout);
	expect([0, 1]).toContain(code);
	expect(shapeOf(rest)).toEqual({ ok: "boolean", build: "string", at: "string" });
	for (const check of checks) {
		expect(Object.keys(check)).toEqual(["layer", "name", "state", "summary", "fix", "durationMs"]);
	}
	const layers: string[] = checks.map(({ layer }: { layer: string }) => layer);
	expect([...new Set(layers)]).toEqual(["computer", "session", "lmx", "daemon", "peers", "versions", "address"]);
});
