import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { linkProtocol } from "@opta/contracts/reach";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { TicketClaims } from "@opta/contracts/schema/pass";
import { acceptLink } from "@opta/reach/link/accept-link";
import type { AcceptedLink } from "@opta/reach/link/link";
import { linkSocketOptions } from "@opta/reach/link/link-limits";
import { WebSocketServer } from "ws";
import type { SentError } from "../door/send-error.ts";
import type { Peers } from "./open-peers.ts";

/** How the opening of a link ended: with a joined device, with an answer for it, or with the socket closed. */
export type EntranceOutcome =
	| { readonly state: "joined"; readonly deviceId: string }
	| ({ readonly state: "refused" } & SentError)
	| { readonly state: "failed"; readonly deviceId: string; readonly reason: string };

/** Where admitted devices join. */
export interface LinkEntrance {
	/** Opens the link on a connection that nothing was answered on. Its client is answered by the caller when it is `refused`. */
	readonly enter: (request: IncomingMessage, socket: Duplex, head: Buffer, claims: TicketClaims) => Promise<EntranceOutcome>;
}

/** Makes the entrance of a host. */
export function createLinkEntrance({ hostId, key }: Pick<HostIdentity, "hostId" | "key">, peers: Peers): LinkEntrance {
	const server = new WebSocketServer({ ...linkSocketOptions, noServer: true, clientTracking: false, handleProtocols: () => linkProtocol });
	return {
		async enter(request, socket, head, claims) {
			const { deviceId, cnf } = claims;
			if (deviceId === undefined || cnf === undefined) {
				const message = "This ticket was not made for a device. A device asks accounts for one with its own key.";
				return { state: "refused", code: "forbidden", message };
			}
			const place = peers.reserve({ ...claims, deviceId });
			if (place === null) {
				const message = "As many devices are joined to this host as it takes. Let another one leave, or try again later.";
				return { state: "refused", code: "unavailable", message };
			}
			try {
				const accepted = await new Promise<AcceptedLink>((resolve) => {
					socket.once("close", () => resolve({ ok: false, reason: "The device left." }));
					server.handleUpgrade(request, socket, head, (opened) =>
						resolve(acceptLink({ socket: opened, hostId, hostKey: key, deviceId, keyThumbprint: cnf.jkt })),
					);
				});
				if (!accepted.ok) {
					return { state: "failed", deviceId, reason: accepted.reason };
				}
				place.take(accepted.link, accepted.hello);
				return { state: "joined", deviceId };
			} finally {
				place.release();
			}
		},
	};
}
