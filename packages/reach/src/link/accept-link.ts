import { type LinkHello, linkHelloSchema } from "@opta/contracts/schema/link";
import { closeSocket, refusedCode } from "./close-socket.ts";
import { createOpener, createSealer } from "./frame-cipher.ts";
import { answerHandshake } from "./handshake.ts";
import type { AcceptedLink, AcceptLinkOptions } from "./link.ts";
import { defaultHandshakeTimeoutMs, defaultHeartbeatMs } from "./link-limits.ts";
import { openLink } from "./open-link.ts";
import { createSocketInbox } from "./socket-inbox.ts";

function readHello(plain: Buffer | null): LinkHello | undefined {
	if (plain === null) {
		return undefined;
	}
	try {
		return linkHelloSchema.safeParse(JSON.parse(plain.toString())).data;
	} catch {
		return undefined;
	}
}

/**
 * The host's end of a link. Call it in the same tick in which the WebSocket was accepted, with a server that has
 * `linkSocketOptions` and chose the sub-protocol `linkProtocol`, after the ticket was admitted. Resolves when the device
 * has shown that it holds the key of the ticket and the keys of this very link, so nobody joins by repeating what was
 * heard. Never rejects.
 */
export async function acceptLink({ socket, hostKey, keyThumbprint, ...options }: AcceptLinkOptions): Promise<AcceptedLink> {
	const { hostId, deviceId, timeoutMs = defaultHandshakeTimeoutMs, heartbeatMs = defaultHeartbeatMs } = options;
	const inbox = createSocketInbox(socket);
	const limit = setTimeout(() => inbox.give({ cause: "lost", message: `The device did not join within ${timeoutMs} ms.` }), timeoutMs);
	const refuse = (reason: string): AcceptedLink => {
		clearTimeout(limit);
		const over = inbox.over();
		closeSocket(socket, refusedCode, "The device was not taken.");
		return { ok: false, reason: over?.message ?? reason };
	};
	const join = await inbox.next();
	const agreed = join && (await answerHandshake(join.toString(), { ends: { hostId, deviceId }, hostKey, keyThumbprint }));
	if (agreed === null) {
		return refuse("The device did not sign for this host with the key of its ticket.");
	}
	socket.send(Buffer.from(agreed.answer));
	const [seal, open] = [createSealer(agreed.keys.toDevice), createOpener(agreed.keys.toHost)];
	const sealedHello = await inbox.next();
	const hello = readHello(sealedHello && open(sealedHello));
	if (hello === undefined) {
		return refuse("The device does not hold the keys of the link.");
	}
	clearTimeout(limit);
	socket.send(seal(Buffer.alloc(0)));
	return { ok: true, hello, link: openLink({ socket, inbox, seal, open, side: "host", onStream: null, heartbeatMs }) };
}
