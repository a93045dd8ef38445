import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { ComponentReport } from "@opta/contracts/schema/status-report";
import { statusReportSchema } from "@opta/contracts/schema/status-report";
import { afterEach, expect, it, vi } from "vitest";
import { httpGet } from "./http-get.ts";
import { createProber, type Prober } from "./prober.ts";

const intervalMs = 300;

interface Part {
	readonly port: number;
	asked: number;
	hangs: boolean;
	close(): Promise<void>;
}

const open: Part[] = [];
let prober: Prober | undefined;

/** A health server in its own right; port 0 lets the machine choose. */
async function listen(port = 0): Promise<Part> {
	const server: Server = createServer((_request, response) => {
		part.asked += 1;
		if (!part.hangs) {
			response.writeHead(200, { "content-type": "application/json" }).end('{"status":"ok"}');
		}
	});
	await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
	const part: Part = {
		port: (server.address() as AddressInfo).port,
		asked: 0,
		hangs: false,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
	open.push(part);
	return part;
}

function watch(parts: Readonly<Record<string, Part>>): Prober {
	const targets = Object.entries(parts).map(([id, { port }]) => ({
		id,
		title: id,
		group: "inference" as const,
		request: { url: `http://127.0.0.1:${port}/readyz`, headers: {}, expects: "health" as const },
	}));
	prober = createProber({ targets, intervalMs, get: httpGet, now: Date.now });
	prober.start();
	return prober;
}

function component(id: string): ComponentReport {
	return prober!.report().components.find((candidate) => candidate.id === id)!;
}

async function untilState(id: string, state: ComponentReport["state"]): Promise<void> {
	await vi.waitFor(() => expect(component(id).state).toBe(state), { timeout: 15_000, interval: 20 });
}

afterEach(async () => {
	prober?.stop();
	await Promise.all(open.splice(0).map((part) => part.close()));
});

it("turns red when a server is killed, green when it is back, and leaves its neighbour alone", async () => {
	const lmx = await listen();
	watch({ lmx, other: await listen() });
	await untilState("lmx", "up");
	await lmx.close();
	await untilState("lmx", "down");
	expect(component("lmx").reason).toBe("Nothing listens at its address.");
	expect(component("other").state).toBe("up");
	await listen(lmx.port);
	await untilState("lmx", "up");
	expect(new Set(component("lmx").history.map(({ state }) => state))).toEqual(new Set(["up", "down"]));
	expect(statusReportSchema.safeParse(prober!.report()).error).toBeUndefined();
});

it("asks each server once per interval while 50 viewers read", async () => {
	const lmx = await listen();
	watch({ lmx });
	await untilState("lmx", "up");
	const startedMs = Date.now();
	const askedBefore = lmx.asked;
	await vi.waitFor(
		async () => {
			await Promise.all(Array.from({ length: 50 }, () => prober!.catchUp().then(() => prober!.report())));
			expect(lmx.asked - askedBefore).toBeGreaterThanOrEqual(5);
		},
		{ timeout: 15_000, interval: 10 },
	);
	const intervals = (Date.now() - startedMs) / intervalMs;
	expect(lmx.asked - askedBefore).toBeLessThanOrEqual(Math.ceil(intervals) + 1);
});

it("gives a server that never answers up at the time limit, and calls it down at the second time", async () => {
	const lmx = await listen();
	lmx.hangs = true;
	watch({ lmx });
	await untilState("lmx", "degraded");
	expect(component("lmx").reason).toBe("No answer within 3 s.");
	await untilState("lmx", "down");
	expect(lmx.asked).toBeLessThanOrEqual(3);
});
