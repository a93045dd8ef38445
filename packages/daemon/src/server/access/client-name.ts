import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import type { FastifyRequest } from "fastify";

/** A browser's WebSocket cannot have headers: there the client names itself in the address, which is no secret. */
function nameOf(request: FastifyRequest, header: string, parameter: string, pattern: RegExp): string | null {
	const query = request.query as Readonly<Record<string, unknown>>;
	const given = request.headers[header];
	const value = typeof given === "string" ? given : request.ws ? query[parameter] : null;
	return typeof value === "string" && pattern.test(value) ? value : null;
}

/** What a client calls itself, where it does so in the form that names have; trusted for nothing. */
export function nameClient(request: FastifyRequest): { readonly clientId: string | null; readonly clientName: string | null } {
	return {
		clientId: nameOf(request, daemonHeaders.clientId, "clientId", /^[\w.-]{1,64}$/),
		clientName: nameOf(request, daemonHeaders.clientName, "clientName", /^[\p{L}\p{N} ._-]{1,40}$/u),
	};
}
