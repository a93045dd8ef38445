import type { AddressInfo } from "node:net";
import { daemonPorts } from "@opta/contracts/daemon-protocol";
import type { FastifyInstance } from "fastify";

/** The port that was taken, or why none was. */
export type ListenOutcome = { readonly ok: true; readonly port: number } | { readonly ok: false; readonly message: string };

/** Ports in the order in which they are tried: a wanted one alone, else 9999 and then 10000–10020. */
export function portsToTry(wanted: number | undefined): readonly number[] {
	const { preferred, fallbackFirst, fallbackLast } = daemonPorts;
	const fallbacks = Array.from({ length: fallbackLast - fallbackFirst + 1 }, (_entry, index) => fallbackFirst + index);
	return wanted === undefined ? [preferred, ...fallbacks] : [wanted];
}

function isTaken(error: unknown): boolean {
	return error instanceof Error && "code" in error && (error.code === "EADDRINUSE" || error.code === "EACCES");
}

/** Listens on loopback, on the first of the ports that is free. */
export async function listenOnPort(app: FastifyInstance, ports: readonly number[]): Promise<ListenOutcome> {
	for (const port of ports) {
		try {
			await app.listen({ host: "127.0.0.1", port });
			return { ok: true, port: (app.server.address() as AddressInfo).port };
		} catch (error) {
			if (!isTaken(error)) {
				throw error;
			}
		}
	}
	const [first] = ports;
	const { preferred, fallbackFirst, fallbackLast } = daemonPorts;
	return {
		ok: false,
		message:
			ports.length === 1
				? `Port ${first} (daemon) cannot be used: another program has it. Stop that, or choose another port with --port.`
				: `The ports ${preferred} and ${fallbackFirst} to ${fallbackLast} are all in use. Stop what holds one of them, or choose another port: opta config set daemon.port <number>`,
	};
}
