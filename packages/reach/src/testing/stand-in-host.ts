import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createDeviceKey, publicDeviceKey } from "@opta/auth/device-credential/device-key";
import { linkPath, linkProtocol, ticketProtocolPrefix } from "@opta/contracts/reach";
import type { DeviceHost } from "@opta/contracts/schema/host-claim";
import { ticketClaimsSchema } from "@opta/contracts/schema/pass";
import { decodeJwt } from "jose";
import { WebSocketServer } from "ws";
import { acceptLink } from "../link/accept-link.ts";
import type { Link } from "../link/link.ts";
import { linkSocketOptions } from "../link/link-limits.ts";

/** A host that takes links, and a port behind which each connection is a stream to the device that joined last. */
export interface StandInHost {
	readonly hostId: string;
	/** Where devices join. */
	readonly linkUrl: string;
	/** Where the device's own server is reached through the link. */
	readonly peerUrl: string;
	/** How accounts describes it. */
	readonly described: DeviceHost;
	/** Links that were joined, the newest last. */
	readonly links: readonly Link[];
	/** Resolves with the next link that a device joins. */
	readonly nextLink: () => Promise<Link>;
	/** Cuts every connection, as kill -9 does, and takes none any more. */
	readonly kill: () => Promise<void>;
	/** Takes connections again, at the same addresses. */
	readonly start: () => Promise<void>;
	readonly close: () => Promise<void>;
}

async function listen(server: Server, port: number): Promise<number> {
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return (server.address() as AddressInfo).port;
}

/** Starts it, with a new key. Tickets are believed: their check is the door's own matter. */
export async function startStandInHost(hostId: string = randomUUID()): Promise<StandInHost> {
	const hostKey = await createDeviceKey();
	const links: Link[] = [];
	let waiting: ((link: Link) => void)[] = [];
	const connections = new Set<Socket>();
	const sockets = new WebSocketServer({ noServer: true, ...linkSocketOptions, handleProtocols: () => linkProtocol });
	const entrance = createHttpServer();
	entrance.on("upgrade", (request, stream, head) => {
		const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((protocol) => protocol.trim());
		const ticket = offered.find((protocol) => protocol.startsWith(ticketProtocolPrefix))?.slice(ticketProtocolPrefix.length) ?? "";
		const { deviceId, cnf, path } = ticketClaimsSchema.parse(decodeJwt(ticket));
		if (request.url !== linkPath || path !== linkPath || deviceId === undefined || cnf === undefined) {
			stream.destroy();
			return;
		}
		sockets.handleUpgrade(request, stream, head, async (socket) => {
			const accepted = await acceptLink({ socket, hostId, hostKey, deviceId, keyThumbprint: cnf.jkt });
			if (accepted.ok) {
				links.at(-1)?.close({ cause: "replaced", message: "The same device joined anew." });
				links.push(accepted.link);
				for (const tell of waiting) {
					tell(accepted.link);
				}
				waiting = [];
			}
		});
	});
	const peers = createServer((client) => {
		const link = links.at(-1);
		if (link === undefined) {
			client.destroy();
			return;
		}
		const stream = link.openStream();
		client.on("error", () => stream.destroy());
		stream.on("error", () => client.destroy());
		client.on("close", () => stream.destroy());
		stream.on("close", () => client.destroy());
		client.pipe(stream).pipe(client);
	});
	for (const server of [entrance, peers]) {
		server.on("connection", (connection: Socket) => {
			connection.setNoDelay(true);
			connections.add(connection);
			connection.once("close", () => connections.delete(connection));
		});
	}
	const linkPort = await listen(entrance, 0);
	const peerPort = await listen(peers, 0);
	const linkUrl = `http://127.0.0.1:${linkPort}`;
	const stop = async (): Promise<void> => {
		const open = [entrance, peers].filter((server) => server.listening);
		const closed = open.map((server) => once(server, "close"));
		for (const server of open) {
			server.close();
		}
		for (const connection of connections) {
			connection.resetAndDestroy();
		}
		await Promise.all(closed);
	};
	return {
		hostId,
		linkUrl,
		peerUrl: `http://127.0.0.1:${peerPort}`,
		described: {
			id: hostId,
			name: "Mono512",
			role: "owner",
			doorUrl: null,
			lanUrls: [linkUrl],
			key: publicDeviceKey(hostKey),
			lastSeenAt: null,
		},
		links,
		nextLink: () => new Promise((resolve) => waiting.push(resolve)),
		kill: stop,
		async start() {
			await listen(entrance, linkPort);
			await listen(peers, peerPort);
		},
		close: stop,
	};
}
