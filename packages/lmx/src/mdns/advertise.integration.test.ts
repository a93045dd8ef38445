import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { advertise, isAnnounced } from "./advertise.ts";

const lanAddress = Object.values(networkInterfaces())
	.flat()
	.find((each) => each?.family === "IPv4" && !each.internal)?.address;

const facts = { needsKey: false, needsAdminKey: true };
/** A pointer record (type 12, class 1) that lives for 0 seconds: RFC 6762, 10.1. */
const goodbye = Buffer.from([0, 12, 0, 1, 0, 0, 0, 0]);
const group = "224.0.0.251";
let listener: Socket;

beforeEach(async () => {
	listener = createSocket({ type: "udp4", reuseAddr: true });
	listener.bind(5353);
	await once(listener, "listening");
	listener.addMembership(group, lanAddress);
});

afterEach(() => listener.close());

/** Waits for a packet of multicast DNS that holds all of these texts. */
async function heard(...texts: readonly (string | Buffer)[]): Promise<Buffer> {
	for (;;) {
		const [packet] = (await once(listener, "message", { signal: AbortSignal.timeout(20_000) })) as [Buffer];
		if (texts.every((text) => packet.includes(text))) {
			return packet;
		}
	}
}

describe.skipIf(lanAddress === undefined)("advertise", () => {
	it("tells the network where LMX is and which keys it wants, and says goodbye", async () => {
		const lines: string[] = [];
		const logger = pino({}, { write: (line) => lines.push(line) });
		const announcement = heard("_opta-lmx", "_services", "auth=none", "adminAuth=key", "version=");
		const advert = await advertise({ host: lanAddress ?? "", port: 4321 }, facts, logger);
		expect((await announcement).includes(Buffer.from([4321 >> 8, 4321 & 255]))).toBe(true);
		await expect.poll(() => lines.join(), { timeout: 10_000 }).toContain("announced on the local network");
		const ended = heard("_opta-lmx", goodbye);
		await Promise.all([ended, advert?.close()]);
	});

	it("can be closed at once, without a warning", async () => {
		const lines: string[] = [];
		const advert = await advertise({ host: lanAddress ?? "", port: 4321 }, facts, pino({}, { write: (line) => lines.push(line) }));
		expect(advert).not.toBeNull();
		await advert?.close();
		expect(lines.join()).not.toContain("cannot be announced");
	});
});

it("announces nothing that other machines do not reach, or that nobody wants", () => {
	expect(isAnnounced("127.0.0.1", true)).toBe(false);
	expect(isAnnounced("0.0.0.0", null)).toBe(true);
	expect(isAnnounced("0.0.0.0", false)).toBe(false);
});
