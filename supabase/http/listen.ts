import type { Server } from "node:http";
import { StartError } from "../start-error.ts";

/** Listens on 127.0.0.1 and answers the port (`port` 0 takes a free one). Throws `StartError` naming the port and its flag. */
export function listen(server: Server, port: number, flag: string): Promise<number> {
	return new Promise((resolve, reject) => {
		const fail = (error: Error): void => {
			const taken = "code" in error && error.code === "EADDRINUSE";
			const reason = taken ? `Port ${port} is taken.` : `Port ${port} cannot be opened (${error.message}).`;
			reject(new StartError(`${reason} Free it, or choose another with ${flag}.`));
		};
		server.once("error", fail);
		server.listen(port, "127.0.0.1", () => {
			server.off("error", fail);
			const address = server.address();
			resolve(typeof address === "object" && address !== null ? address.port : port);
		});
	});
}

/** Stops listening and resolves when the connections are closed; those that are still busy after `graceMs` are cut. */
export async function stopListening(server: Server, graceMs: number): Promise<void> {
	if (!server.listening) {
		return;
	}
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	const cut = setTimeout(() => server.closeAllConnections(), graceMs);
	await closed;
	clearTimeout(cut);
}
