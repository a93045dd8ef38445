import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { deviceTicketProtocolPrefix, ticketProtocolPrefix } from "@opta/contracts/reach";
import { WebSocket } from "ws";

/** The opening of a WebSocket as a test sends it. */
export interface SentUpgrade {
	readonly path: string;
	readonly ticket?: string;
	readonly deviceTicket?: string;
	/** Offered beside the tickets. */
	readonly protocols?: readonly string[];
	readonly origin?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** A WebSocket, or the answer that refused it. */
export type UpgradeAnswer =
	| { readonly ok: true; readonly socket: WebSocket }
	| { readonly ok: false; readonly status: number; readonly code: string; readonly headers: IncomingMessage["headers"] };

/** Opens a WebSocket at a port of this machine. */
export function openSocket(port: number, sent: SentUpgrade): Promise<UpgradeAnswer> {
	const protocols = [
		...(sent.protocols ?? []),
		...(sent.ticket === undefined ? [] : [`${ticketProtocolPrefix}${sent.ticket}`]),
		...(sent.deviceTicket === undefined ? [] : [`${deviceTicketProtocolPrefix}${sent.deviceTicket}`]),
	];
	const socket = new WebSocket(`ws://127.0.0.1:${port}${sent.path}`, protocols, {
		headers: { ...sent.headers },
		...(sent.origin === undefined ? {} : { origin: sent.origin }),
	});
	return new Promise((resolve, reject) => {
		socket.on("error", reject);
		socket.once("open", () => {
			socket.off("error", reject);
			resolve({ ok: true, socket });
		});
		socket.once("unexpected-response", (_request, answer: IncomingMessage) => {
			text(answer).then((body) => {
				resolve({ ok: false, status: answer.statusCode ?? 0, code: JSON.parse(body).error.code, headers: answer.headers });
			}, reject);
		});
	});
}
