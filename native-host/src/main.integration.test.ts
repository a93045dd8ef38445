import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort } from "./testing/free-port.ts";
import { type HostBench, openHostBench } from "./testing/host-bench.ts";
import { processRuns, untilGone } from "./testing/process-state.ts";

let bench: HostBench;
beforeEach(async () => {
	bench = await openHostBench();
});
afterEach(() => bench.close());

async function doorStatus(port: number): Promise<number> {
	return (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
}

describe("native-host with one role", () => {
	it("says where the role serves, keeps its log in the state folder, and leaves nothing behind at Ctrl-C", async () => {
		const port = await freePort();
		const host = bench.start("--roles", "tunnel", "--port", String(port));
		const [line] = await once(host.stdout!, "data");
		expect(String(line)).toBe(`tunnel  ready  http://127.0.0.1:${port}\n`);
		const { pid } = await bench.nextChange("tunnel", "ready");
		expect(await doorStatus(port)).toBe(401);
		host.kill("SIGINT");
		expect(await once(host, "exit")).toEqual([0, null]);
		expect(processRuns(pid!)).toBe(false);
		expect(readdirSync(bench.stateDir).sort()).toEqual(["host.json", "logs"]);
		const [entry] = readFileSync(path.join(bench.stateDir, "logs", "tunnel.log"), "utf8").split("\n");
		expect(JSON.parse(entry ?? "")).toMatchObject({ name: "tunnel", msg: "listening", port });
	});

	it("runs a daemon that answers, and ends it in order", async () => {
		const port = await freePort();
		const host = bench.start("--roles", "daemon", "--port", String(port));
		const { pid } = await bench.nextChange("daemon", "ready");
		const health = await fetch(`http://127.0.0.1:${port}/v3/health`);
		expect(await health.json()).toMatchObject({ service: "opta-daemon" });
		const stateFile = path.join(bench.stateDir, "daemon", "state.json");
		expect(JSON.parse(readFileSync(stateFile, "utf8"))).toMatchObject({ port, pid });
		host.kill("SIGTERM");
		expect(await once(host, "exit")).toEqual([0, null]);
		expect(processRuns(pid!)).toBe(false);
		expect(existsSync(stateFile)).toBe(false);
	});

	it("brings a killed role back on the same port", async () => {
		const port = await freePort();
		bench.start("--roles", "tunnel", "--port", String(port));
		const first = await bench.nextChange("tunnel", "ready");
		process.kill(first.pid!, "SIGKILL");
		expect(await bench.nextChange("tunnel", "restarting")).toMatchObject({ reason: "was ended by SIGKILL", pid: null });
		const second = await bench.nextChange("tunnel", "ready");
		expect(second.pid).not.toBe(first.pid);
		expect(await doorStatus(port)).toBe(401);
	});

	it("leaves no role behind when it is itself killed", async () => {
		const host = bench.start("--roles", "tunnel", "--port", String(await freePort()));
		const { pid } = await bench.nextChange("tunnel", "ready");
		host.kill("SIGKILL");
		await untilGone(pid!);
	});

	it("ends when the process that started it is gone", async () => {
		const host = bench.start("--roles", "tunnel", "--port", String(await freePort()));
		const { pid } = await bench.nextChange("tunnel", "ready");
		await bench.allReady();
		host.disconnect();
		expect(await once(host, "exit")).toEqual([0, null]);
		expect(processRuns(pid!)).toBe(false);
	});

	it("passes on in one line why its role cannot start, and does not try again", async () => {
		rmSync(path.join(bench.stateDir, "host.json"));
		const { code, stdout, stderr } = await bench.runToEnd("--roles", "tunnel", "--port", String(await freePort()));
		expect([code, stdout]).toEqual([1, ""]);
		expect(stderr).toMatch(/^\S+host\.json is missing\..*\n$/);
	});
});

describe("native-host before it starts anything", () => {
	it("names the holder of a port in use", async () => {
		const holder = createServer().listen(0, "127.0.0.1");
		await once(holder, "listening");
		const { port } = holder.address() as AddressInfo;
		const { code, stderr } = await bench.runToEnd("--roles", "tunnel", "--port", String(port));
		holder.close();
		expect(code).toBe(1);
		expect(stderr).toMatch(
			new RegExp(`^Port ${port} \\(tunnel door\\) is in use by .*\\(process ${process.pid}\\)\\.\nNothing was started\\.`),
		);
		expect(existsSync(path.join(bench.stateDir, "logs"))).toBe(false);
	});

	it("refuses wrong usage in one line with exit code 2", async () => {
		const { code, stdout, stderr } = await bench.runToEnd("--roles", "lmx,tunnel", "--port", "18001");
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toBe("--port belongs to one role; with lmx and tunnel it is --lmx-port and --door-port.\n");
	});

	it("says in one line that the state folder cannot be made", async () => {
		const { code, stderr } = await bench.runToEnd("--roles", "tunnel", "--state-dir", path.join(bench.stateDir, "host.json", "state"));
		expect(code).toBe(1);
		expect(stderr).toMatch(/^The state folder \S+ cannot be made: .*\n$/);
	});
});
