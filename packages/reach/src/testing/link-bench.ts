import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createDeviceKey, type DeviceKey, publicDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { linkPath, linkProtocol } from "@opta/contracts/reach";
import { type WebSocket, WebSocketServer } from "ws";
import { acceptLink } from "../link/accept-link.ts";
import { joinLink } from "../link/join-link.ts";
import type { AcceptedLink, AcceptLinkOptions, JoinedLink, JoinLinkOptions, Link } from "../link/link.ts";
import { linkSocketOptions } from "../link/link-limits.ts";

/** A host's listener for links, without tickets, on a free port. */
export interface LinkBench {
	readonly url: string;
	readonly hostId: string;
	readonly deviceId: string;
	readonly hostKey: DeviceKey;
	readonly deviceKey: DeviceKey;
	/** Joins as the device that the host expects; what a test changes. */
	readonly join: (changes?: Partial<JoinLinkOptions>) => Promise<JoinedLink>;
	/** What came of the next WebSocket at the host. */
	readonly accepted: () => Promise<AcceptedLink>;
	/** Both ends of one link, and the streams that the host opens, in their order at the device. */
	readonly pair: (onStream: (stream: Duplex) => void) => Promise<{ readonly host: Link; readonly device: Link }>;
	/** The TCP connections at the host. */
	readonly connections: Set<Socket>;
	readonly close: () => Promise<void>;
}

/** What a test changes of the host. */
export interface LinkBenchOptions {
	readonly accept?: Partial<AcceptLinkOptions>;
	/** Answers the WebSocket instead of a host. */
	readonly answerWith?: (socket: WebSocket) => void;
}

/** Opens it. */
export async function openLinkBench({ accept = {}, answerWith }: LinkBenchOptions = {}): Promise<LinkBench> {
	const [hostKey, deviceKey] = await Promise.all([createDeviceKey(), createDeviceKey()]);
	const [hostId, deviceId] = [randomUUID(), randomUUID()];
	const keyThumbprint = await thumbprintOf(deviceKey);
	const sockets = new WebSocketServer({ noServer: true, ...linkSocketOptions, handleProtocols: () => linkProtocol });
	const server = createServer();
	const connections = new Set<Socket>();
	server.on("connection", (socket) => {
		connections.add(socket);
		socket.once("close", () => connections.delete(socket));
	});
	const outcomes: AcceptedLink[] = [];
	const waiting: ((outcome: AcceptedLink) => void)[] = [];
	server.on("upgrade", (request, stream, head) => {
		if (request.url !== linkPath) {
			stream.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
			return;
		}
		sockets.handleUpgrade(request, stream, head, (socket) => {
			if (answerWith !== undefined) {
				answerWith(socket);
				return;
			}
			void acceptLink({ socket, hostId, hostKey, deviceId, keyThumbprint, ...accept }).then((outcome) => {
				const next = waiting.shift();
				if (next === undefined) {
					outcomes.push(outcome);
				} else {
					next(outcome);
				}
			});
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const join: LinkBench["join"] = (changes = {}) =>
		joinLink({
			url,
			ticket: "not.looked.at",
			hostId,
			hostKey: publicDeviceKey(hostKey),
			deviceId,
			deviceKey,
			hello: { name: "Laptop", build: "test" },
			onStream: (stream) => stream.destroy(),
			timeoutMs: 10_000,
			signal: new AbortController().signal,
			...changes,
		});
	const accepted: LinkBench["accepted"] = async () => {
		const outcome = outcomes.shift();
		return outcome ?? new Promise((resolve) => waiting.push(resolve));
	};
	return {
		url,
		hostId,
		deviceId,
		hostKey,
		deviceKey,
		join,
		accepted,
		connections,
		async pair(onStream) {
			const [device, host] = await Promise.all([join({ onStream }), accepted()]);
			if (!device.ok || !host.ok) {
				throw new Error(`There is no link: ${device.ok ? "" : device.message} ${host.ok ? "" : host.reason}`);
			}
			return { host: host.link, device: device.link };
		},
		async close() {
			for (const connection of connections) {
				connection.destroy();
			}
			server.close();
			await once(server, "close");
		},
	};
}
