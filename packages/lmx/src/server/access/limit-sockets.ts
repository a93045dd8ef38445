import type { Server } from "node:http";
import { errorBody } from "@opta/contracts/error-body";
import { addressKey, isLocalPeer } from "./peer.ts";

/** Connections of one client on the LAN; programs of this machine have no limit. */
const socketsPerClient = 128;

const tooManyBody = JSON.stringify(
	errorBody("unavailable", "Too many connections from this address are open. Close some, or ask again in a moment."),
);
const tooMany = [
	"HTTP/1.1 503 Service Unavailable",
	"content-type: application/json; charset=utf-8",
	`content-length: ${Buffer.byteLength(tooManyBody)}`,
	"retry-after: 5",
	"connection: close",
	"",
	tooManyBody,
].join("\r\n");

/** Refuses connections of a client that already holds as many as one client gets, so that the others still have theirs. */
export function limitSockets(server: Server, perClient = socketsPerClient): void {
	const open = new Map<string, number>();
	server.on("connection", (socket) => {
		if (isLocalPeer(socket)) {
			return;
		}
		const client = addressKey(socket.remoteAddress);
		const count = open.get(client) ?? 0;
		if (count >= perClient) {
			socket.end(tooMany, () => socket.destroy());
			return;
		}
		open.set(client, count + 1);
		socket.once("close", () => {
			const left = (open.get(client) ?? 1) - 1;
			if (left === 0) {
				open.delete(client);
			} else {
				open.set(client, left);
			}
		});
	});
}
