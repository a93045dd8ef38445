import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { type LinkBench, openLinkBench } from "../testing/link-bench.ts";

let bench: LinkBench;
afterEach(() => bench.close());

function closed(stream: Duplex): Promise<void> {
	return new Promise((resolve) => stream.once("close", resolve));
}

describe("a link", () => {
	it("carries bytes both ways on a stream, each half ending by itself", async () => {
		bench = await openLinkBench();
		const streams: Duplex[] = [];
		const { host, device } = await bench.pair((stream) => streams.push(stream));
		const opened = host.openStream();
		opened.end("from the host");
		await expect.poll(() => streams.length).toBe(1);
		const [taken] = streams;
		expect((await buffer(taken!)).toString()).toBe("from the host");
		taken!.end("from the device");
		expect((await buffer(opened)).toString()).toBe("from the device");
		await expect.poll(() => host.streamCount() + device.streamCount()).toBe(0);
	});

	it("tells the host what the device says of itself", async () => {
		bench = await openLinkBench();
		const [, outcome] = await Promise.all([bench.join({ hello: { name: "Küche", build: "1.2.3" } }), bench.accepted()]);
		expect(outcome).toMatchObject({ ok: true, hello: { name: "Küche", build: "1.2.3" } });
	});

	it("tells the other end why it was closed, and destroys the streams at both", async () => {
		bench = await openLinkBench();
		const taken = Promise.withResolvers<Duplex>();
		const { host, device } = await bench.pair(taken.resolve);
		const opened = host.openStream();
		const [atDevice, atHost] = [closed(await taken.promise), closed(opened)];
		host.close({ cause: "revoked", message: "Access was taken back." });
		expect(await device.ended).toEqual({ cause: "revoked", message: "Access was taken back." });
		expect(await host.ended).toEqual({ cause: "revoked", message: "Access was taken back." });
		await Promise.all([atDevice, atHost]);
		expect(device.openStream().destroyed).toBe(true);
		await expect.poll(() => bench.connections.size).toBe(0);
	});
});
