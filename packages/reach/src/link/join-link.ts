import type { IncomingMessage } from "node:http";
import { isSignedToken } from "@opta/contracts/pass";
import { linkProtocol, ticketProtocolPrefix } from "@opta/contracts/reach";
import { errorBodySchema } from "@opta/contracts/schema/error";
import { WebSocket } from "ws";
import { refusedCode } from "./close-socket.ts";
import { createOpener, createSealer } from "./frame-cipher.ts";
import { beginHandshake } from "./handshake.ts";
import type { JoinedLink, JoinLinkOptions } from "./link.ts";
import { linkAddress } from "./link-address.ts";
import { defaultHeartbeatMs, linkSocketOptions } from "./link-limits.ts";
import { openLink } from "./open-link.ts";
import { createSocketInbox } from "./socket-inbox.ts";

type Failure = Extract<JoinedLink, { readonly ok: false }>;

const mostRefusalBytes = 4096;

/** What the host says instead of opening the socket: the message of its error, or the status line. */
async function readRefusal(response: IncomingMessage): Promise<string> {
	const status = `The host answered ${response.statusCode} ${response.statusMessage}.`;
	try {
		let body = "";
		for await (const chunk of response.setEncoding("utf8")) {
			body += chunk;
			if (body.length > mostRefusalBytes) {
				return status;
			}
		}
		return errorBodySchema.parse(JSON.parse(body)).error.message;
	} catch {
		return status;
	}
}

/**
 * The device's end of a link: connects, shows the ticket, and agrees on keys with the host whose key is pinned. A host
 * that cannot sign with that key learns the ticket (which is worth nothing without the device's key) and nothing else.
 * Never rejects.
 */
export async function joinLink(options: JoinLinkOptions): Promise<JoinedLink> {
	const { hostId, hostKey, deviceId, deviceKey, signal, timeoutMs, heartbeatMs = defaultHeartbeatMs } = options;
	const address = linkAddress(options.url);
	if (address === null) {
		return { ok: false, cause: "unreachable", message: `${options.url} is no address at which a host may be joined.` };
	}
	if (!isSignedToken(options.ticket)) {
		return { ok: false, cause: "refused", message: "Accounts gave no ticket that a host could take." };
	}
	const handshake = await beginHandshake({ hostId, deviceId }, deviceKey, hostKey);
	if (signal.aborted) {
		return { ok: false, cause: "unreachable", message: "The attempt was ended." };
	}
	const socket = new WebSocket(address, [linkProtocol, `${ticketProtocolPrefix}${options.ticket}`], {
		...linkSocketOptions,
		// Masks keep a script from choosing the bytes on the wire (RFC 6455 §10.3). Nobody chooses encrypted bytes, and a mask of zeros costs nothing.
		generateMask: (mask) => mask.fill(0),
	});
	const inbox = createSocketInbox(socket);
	let refusal: Failure | null = null;
	const limit = setTimeout(() => inbox.give({ cause: "lost", message: `The host did not answer within ${timeoutMs} ms.` }), timeoutMs);
	const onAbort = (): void => inbox.give({ cause: "closed", message: "The attempt was ended." });
	signal.addEventListener("abort", onAbort);
	const fail = (failure: Failure): Failure => {
		clearTimeout(limit);
		signal.removeEventListener("abort", onAbort);
		socket.terminate();
		return failure;
	};
	const failedBySocket = (): Failure =>
		fail(refusal ?? { ok: false, cause: "unreachable", message: inbox.over()?.message ?? "The host does not answer." });

	socket.on("open", () => socket.send(Buffer.from(handshake.message)));
	socket.on("unexpected-response", (_request, response: IncomingMessage) => {
		void readRefusal(response).then((message) => {
			refusal = { ok: false, cause: "refused", message };
			inbox.give({ cause: "closed", message });
		});
	});
	socket.on("close", (code, reason) => {
		if (code === refusedCode) {
			refusal = { ok: false, cause: "refused", message: reason.toString() };
		}
	});

	const answer = await inbox.next();
	if (answer === null) {
		return failedBySocket();
	}
	const keys = await handshake.finish(answer.toString());
	if (keys === null) {
		return fail({ ok: false, cause: "impostor", message: "What answers there is not the host: it did not sign with the host's key." });
	}
	const [seal, open] = [createSealer(keys.toHost), createOpener(keys.toDevice)];
	socket.send(seal(Buffer.from(JSON.stringify(options.hello))));
	const welcome = await inbox.next();
	if (welcome === null) {
		return failedBySocket();
	}
	if (open(welcome)?.length !== 0) {
		return fail({ ok: false, cause: "impostor", message: "What answers there does not hold the keys of the link." });
	}
	clearTimeout(limit);
	signal.removeEventListener("abort", onAbort);
	const link = openLink({ socket, inbox, seal, open, side: "device", onStream: options.onStream, heartbeatMs });
	const closeOnAbort = (): void => link.close({ cause: "closed", message: "The device left." });
	signal.addEventListener("abort", closeOnAbort);
	void link.ended.then(() => signal.removeEventListener("abort", closeOnAbort));
	return { ok: true, link };
}
