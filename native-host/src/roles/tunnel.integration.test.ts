import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { writeStandIn } from "@opta/tunnel/testing/stand-in";
import { afterEach, beforeEach, expect, it } from "vitest";
import { freePort } from "../testing/free-port.ts";
import { type HostBench, openHostBench } from "../testing/host-bench.ts";
import { untilGone } from "../testing/process-state.ts";

let bench: HostBench;
beforeEach(async () => {
	bench = await openHostBench();
});
afterEach(() => bench.close());

/** Reads lines of the terminal until one is as wanted. */
async function lineWith(lines: AsyncIterator<string>, wanted: RegExp): Promise<string> {
	for (;;) {
		const next = await lines.next();
		if (next.done === true || wanted.test(next.value)) {
			return next.value;
		}
	}
}

it("says in the terminal where the host is reached, when it is cut off, and leaves no cloudflared behind when it is killed", async () => {
	const publicPlace = `127.0.0.2:${await freePort()}`;
	const standIn = writeStandIn(bench.stateDir, { publicPlace, controlPlace: `127.0.0.1:${await freePort()}` });
	writeFileSync(path.join(bench.stateDir, "tunnel-token"), "x".repeat(64), { mode: 0o600 });
	const host = bench.startWith(
		{ OPTA_CLOUDFLARED: standIn.program },
		...["--roles", "tunnel", "--port", String(await freePort()), "--tunnel", "named", "--tunnel-url", `http://${publicPlace}`],
	);
	const lines = createInterface({ input: host.stdout! })[Symbol.asyncIterator]();
	expect(await lineWith(lines, /internet/)).toBe(`tunnel  open to the internet  http://${publicPlace}`);
	const answer = await fetch(`http://${publicPlace}/admin/status`, {
		headers: { authorization: `Bearer ${await bench.passes.make("viewer")}` },
	});
	expect(answer.status).toBe(502);

	const { pid } = await standIn.tell("/");
	process.kill(pid, "SIGKILL");
	expect(await lineWith(lines, /cut/)).toBe("tunnel  cut from the internet: cloudflared was ended by SIGKILL; trying again");
	expect(await lineWith(lines, /internet/)).toBe(`tunnel  open to the internet  http://${publicPlace}`);

	const second = await standIn.tell("/");
	host.kill("SIGKILL");
	await once(host, "exit");
	await untilGone(second.pid);
});

it("passes on in one line what is wrong with the settings of the tunnel", async () => {
	const { code, stderr } = await bench.runToEnd("--roles", "tunnel", "--port", String(await freePort()), "--tunnel", "fast");
	expect(code).toBe(1);
	expect(stderr).toBe('--tunnel is "fast"; there are: off, quick, named.\n');
});

it("opens a place for devices to every address of the machine with --bind lan, and keeps the door on loopback", async () => {
	const [doorPort, linkPort] = [await freePort(), await freePort()];
	const ports = ["--port", String(doorPort), "--link-port", String(linkPort)];
	bench.start("--roles", "tunnel", "--bind", "lan", ...ports);
	await bench.allReady();
	const own = Object.values(networkInterfaces())
		.flatMap((list) => list ?? [])
		.find(({ family, internal }) => family === "IPv4" && !internal);
	const places = ["127.0.0.1", ...(own === undefined ? [] : [own.address])];
	for (const place of places) {
		expect((await fetch(`http://${place}:${linkPort}/healthz`)).status).toBe(404);
	}
	for (const place of places.slice(1)) {
		await expect(fetch(`http://${place}:${doorPort}/healthz`)).rejects.toThrow();
	}
});

it("names the holder of the port where devices would join", async () => {
	const holder = createServer().listen(0, "0.0.0.0");
	await once(holder, "listening");
	const { port } = holder.address() as AddressInfo;
	const ports = ["--port", String(await freePort()), "--link-port", String(port)];
	const { code, stderr } = await bench.runToEnd("--roles", "tunnel", "--bind", "lan", ...ports);
	holder.close();
	expect(code).toBe(1);
	expect(stderr).toContain(`Port ${port} (tunnel door, for devices of the network) is in use`);
});
