import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Where a server shall listen. `flag` changes the port; `title` names it for people. */
export interface WantedAddress {
	readonly host: string;
	readonly port: number;
	readonly title: string;
	readonly flag: string;
}

/** The port that it got, or one line for a person. */
export type Listening = { readonly ok: true; readonly port: number } | { readonly ok: false; readonly message: string };

/** Lets a server listen. */
export async function listenOn(server: Server, { host, port, title, flag }: WantedAddress): Promise<Listening> {
	try {
		server.listen(port, host);
		await once(server, "listening");
		return { ok: true, port: (server.address() as AddressInfo).port };
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		return {
			ok: false,
			message:
				code === "EADDRINUSE"
					? `Port ${port} (${title}) is in use by another program. Stop it, or choose another port with ${flag}.`
					: `The ${title} cannot listen on ${host}:${port}: ${message}`,
		};
	}
}
