import { once } from "node:events";
import type { Duplex } from "node:stream";
import { publicDeviceKey } from "@opta/auth/device-credential/device-key";
import { linkPath, linkProtocol } from "@opta/contracts/reach";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type LinkBench, type LinkBenchOptions, openLinkBench } from "../testing/link-bench.ts";

const benches: LinkBench[] = [];
const clients: WebSocket[] = [];
afterEach(async () => {
	for (const client of clients.splice(0)) {
		client.terminate();
	}
	await Promise.all(benches.splice(0).map((bench) => bench.close()));
});

async function openBench(options: LinkBenchOptions = {}): Promise<LinkBench> {
	const bench = await openLinkBench(options);
	benches.push(bench);
	return bench;
}

function openSocket(url: string): WebSocket {
	const socket = new WebSocket(`${url.replace("http", "ws")}${linkPath}`, linkProtocol);
	clients.push(socket);
	return socket;
}

/** Stands between devices and a host, hears and may change every message. */
async function between(host: LinkBench, change: (message: Buffer, from: "device" | "host") => readonly Buffer[]): Promise<LinkBench> {
	return openBench({
		answerWith: (device) => {
			const waiting: Buffer[] = [];
			const toHost = openSocket(host.url);
			const passOn = (message: Buffer): void => {
				for (const changed of change(message, "device")) {
					toHost.send(changed);
				}
			};
			device.on("message", (data) => (toHost.readyState === WebSocket.OPEN ? passOn(data as Buffer) : waiting.push(data as Buffer)));
			toHost.on("open", () => waiting.forEach(passOn));
			toHost.on("message", (data) => {
				for (const changed of change(data as Buffer, "host")) {
					device.send(changed);
				}
			});
			device.on("close", () => toHost.close());
			toHost.on("close", () => device.close());
		},
	});
}

async function pairThrough(host: LinkBench, middle: LinkBench, onStream: (stream: Duplex) => void = (stream) => stream.resume()) {
	const changes = {
		hostId: host.hostId,
		hostKey: publicDeviceKey(host.hostKey),
		deviceId: host.deviceId,
		deviceKey: host.deviceKey,
		onStream,
	};
	const [joined, accepted] = await Promise.all([middle.join(changes), host.accepted()]);
	if (!joined.ok || !accepted.ok) {
		throw new Error(`There is no link: ${joined.ok ? "" : joined.message} ${accepted.ok ? "" : accepted.reason}`);
	}
	return { host: accepted.link, device: joined.link };
}

describe("somebody between", () => {
	it("joins nothing by repeating what was heard of another link", async () => {
		const heard: Buffer[] = [];
		const host = await openBench();
		const middle = await between(host, (message, from) => {
			if (from === "device") {
				heard.push(message);
			}
			return [message];
		});
		await pairThrough(host, middle);
		const socket = openSocket(host.url);
		await once(socket, "open");
		const answered = once(socket, "message");
		socket.send(heard[0]!);
		await answered;
		socket.send(heard[1]!);
		expect(await host.accepted()).toEqual({ ok: false, reason: "The device does not hold the keys of the link." });
	});

	it("passes for no host with an answer that was given to somebody else", async () => {
		let answer: Buffer | null = null;
		const host = await openBench();
		const middle = await between(host, (message, from) => {
			if (from === "host") {
				answer ??= message;
			}
			return from === "host" ? [answer!] : [message];
		});
		const changes = { hostId: host.hostId, hostKey: publicDeviceKey(host.hostKey), deviceId: host.deviceId, deviceKey: host.deviceKey };
		// The first answer is its own; the host's welcome comes changed.
		expect(await middle.join(changes)).toMatchObject({ ok: false, cause: "impostor" });
		expect(await middle.join(changes)).toMatchObject({ ok: false, cause: "impostor" });
	});

	it("reads nothing of what goes over the link", async () => {
		const heard: Buffer[] = [];
		const host = await openBench();
		const middle = await between(host, (message) => {
			heard.push(message);
			return [message];
		});
		const said = Promise.withResolvers<string>();
		const ends = await pairThrough(host, middle, (stream) => stream.once("data", (data) => said.resolve(String(data))));
		ends.host.openStream().write("authorization: Bearer secret");
		expect(await said.promise).toContain("secret");
		expect(heard.some((message) => message.includes("secret") || message.includes("Laptop"))).toBe(false);
	});

	it.each<[string, (message: Buffer) => readonly Buffer[]]>([
		["changes", (message) => [Buffer.from(message.map((byte, index) => (index === 7 ? byte ^ 1 : byte)))]],
		["repeats", (message) => [message, message]],
		["leaves out", () => []],
	])("is found out when he %s a message", async (_name, change) => {
		let isActive = false;
		const host = await openBench();
		const middle = await between(host, (message, from) => {
			if (!isActive || from === "device") {
				return [message];
			}
			isActive = false;
			return change(message);
		});
		const ends = await pairThrough(host, middle);
		isActive = true;
		const stream = ends.host.openStream();
		stream.write("one");
		stream.write("two");
		expect(await ends.device.ended).toMatchObject({ cause: "broken" });
		expect(await ends.host.ended).toMatchObject({ cause: "broken" });
	});

	it("does not end a link whose ends hear each other, however long nobody uses it", async () => {
		let messages = 0;
		const enough = Promise.withResolvers<void>();
		const host = await openBench({ accept: { heartbeatMs: 20 } });
		const middle = await between(host, (message) => {
			messages += 1;
			if (messages === 40) {
				enough.resolve();
			}
			return [message];
		});
		const ends = await pairThrough(host, middle);
		await enough.promise;
		ends.host.close({ cause: "closed", message: "Done." });
		expect(await ends.device.ended).toEqual({ cause: "closed", message: "Done." });
	});
});
