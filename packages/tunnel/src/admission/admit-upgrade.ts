import { type DoorSocket, findDoorSocket } from "@opta/contracts/door-routes";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { roleAllows } from "@opta/contracts/roles";
import { type TicketClaims, ticketUseSchema } from "@opta/contracts/schema/pass";
import { type AdmissionRules, foreignHost, lowRole, type Refusal, type RequestHead, refuseBeforePass } from "./admission-rules.ts";
import { type OfferedProtocols, readSocketProtocols } from "./socket-protocols.ts";

/** Whether a WebSocket may be opened. */
export type UpgradeAdmission =
	| {
			readonly ok: true;
			readonly claims: TicketClaims;
			readonly socket: DoorSocket;
			/** The ticket for the device behind the door, not verified here; null where the socket leads to none. */
			readonly deviceTicket: string | null;
	  }
	| Refusal;

/** RFC 6455 §4.2.1: this version and sixteen random bytes. A body would be read as frames. */
function isHandshake({ method, headers }: RequestHead): boolean {
	const only = (name: string): string | undefined => (headers[name]?.length === 1 ? headers[name][0] : undefined);
	return (
		method === "GET" &&
		only("sec-websocket-version") === "13" &&
		/^[A-Za-z\d+/]{22}==$/.test(only("sec-websocket-key") ?? "") &&
		headers["transfer-encoding"] === undefined &&
		Number(headers["content-length"]?.[0] ?? 0) === 0
	);
}

/** Null when the ticket cannot fit what is asked: a query, two lines of `Origin`, or one that is no origin. */
function useOf({ target, headers }: RequestHead): { readonly path: string; readonly origin: string | null } | null {
	const [origin = null, ...more] = headers.origin ?? [];
	const use = more.length === 0 ? ticketUseSchema.safeParse({ path: target, origin }) : null;
	return use?.success === true ? use.data : null;
}

/**
 * Decides about the opening of a WebSocket from its head alone. The ticket comes first: without one that was made for
 * exactly this path and origin, every path gives the same answer.
 */
export async function admitUpgrade(rules: AdmissionRules, head: RequestHead): Promise<UpgradeAdmission> {
	const beforePass = await refuseBeforePass(rules, head.headers);
	if (beforePass !== null) {
		return beforePass;
	}
	const offered: OfferedProtocols | null = readSocketProtocols(head.headers["sec-websocket-protocol"]);
	const use = useOf(head);
	const verified =
		offered === null || use === null ? ({ ok: false, reason: "no ticket" } as const) : await rules.verifyTicket(offered.ticket, use);
	if (offered === null || !verified.ok) {
		const message = "This WebSocket brings no valid ticket for this path and page. A ticket opens once; take a new one from accounts.";
		return { ok: false, code: "invalid_pass", message, reason: verified.ok ? "no ticket" : verified.reason, claims: null };
	}
	const { claims } = verified;
	const refuse = (code: ErrorCode, message: string, reason: string): Refusal => ({ ok: false, code, message, reason, claims });
	if (!rules.isOwnHost(head.headers.host)) {
		return foreignHost(claims);
	}
	const socket = findDoorSocket(head.target);
	if (socket === undefined) {
		return refuse("not_found", "The door has no such WebSocket. Check the path.", "no socket");
	}
	if (!roleAllows(claims.role, socket.minimumRole)) {
		return lowRole(claims, socket.minimumRole);
	}
	if (!isHandshake(head)) {
		return refuse("invalid_request", "This is not the opening of a WebSocket (RFC 6455, version 13).", "handshake");
	}
	if (!offered.names.includes(socket.protocol)) {
		return refuse("invalid_request", `This WebSocket speaks ${socket.protocol}. Offer it beside the ticket.`, "protocol");
	}
	if (socket.target !== "peer" && socket.target !== "daemon") {
		return { ok: true, claims, socket, deviceTicket: null };
	}
	const { deviceTicket } = offered;
	return deviceTicket === null
		? refuse("invalid_pass", "This WebSocket needs a ticket for the device too. Take one from accounts.", "no device ticket")
		: { ok: true, claims, socket, deviceTicket };
}
