import { deviceTokenAudience, deviceTokenType } from "@opta/contracts/device-sign-in";
import { errorBody } from "@opta/contracts/error-body";
import { errorStatus } from "@opta/contracts/error-codes";
import { passAlgorithm } from "@opta/contracts/pass";
import { handleRelay } from "@opta/vault/relay/relay-handler";
import { type CallDatabase, openRelayStore } from "@opta/vault/relay/relay-store";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { z } from "zod";
import type { RelayEnvironment } from "./env.ts";

const timeLimitMs = 10_000;
const bearer = /^(?:Bearer|DPoP) ([\w-]+\.[\w-]+\.[\w-]+)$/i;
const claimsSchema = z.object({ device: z.uuid() });
const refusalSchema = z.object({ code: z.string() });

/** PostgREST's code for a missing right; class 22 and 23 are values that a function does not take. */
const refusals = /^(42501|22\w{3}|23\w{3}|PGRST30\d)$/;

function openDatabase({ supabaseUrl, publishableKey, portalKey }: RelayEnvironment): CallDatabase {
	return async (name, values) => {
		try {
			const response = await fetch(`${supabaseUrl}/rest/v1/rpc/${name}`, {
				method: "POST",
				headers: { apikey: publishableKey, "content-type": "application/json" },
				body: JSON.stringify({ portal_key: portalKey, ...values }),
				signal: AbortSignal.timeout(timeLimitMs),
			});
			const data: unknown = await response.json();
			if (response.ok) {
				return { state: "ok", data };
			}
			return { state: refusals.test(refusalSchema.safeParse(data).data?.code ?? "") ? "refused" : "unavailable" };
		} catch (error) {
			console.error("The key relay could not ask the database.", error);
			return { state: "unavailable" };
		}
	};
}

function refuse(code: "unauthenticated" | "session_expired" | "unavailable" | "foreign_origin", message: string): Response {
	return Response.json(errorBody(code, message), { status: errorStatus[code], headers: { "cache-control": "private, no-store" } });
}

/**
 * The key relay as an edge function, for devices; browsers use the same relay at accounts. It checks the device's token by
 * accounts' published keys itself, because the platform's own check knows no tokens but its own.
 */
export function serveRelay(environment: RelayEnvironment): (request: Request) => Promise<Response> {
	const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", environment.accountsOrigin), { timeoutDuration: timeLimitMs });
	const callDatabase = openDatabase(environment);
	const expected = {
		algorithms: [passAlgorithm],
		typ: deviceTokenType,
		issuer: environment.accountsOrigin,
		audience: deviceTokenAudience,
	};

	return async (request) => {
		const token = bearer.exec(request.headers.get("authorization") ?? "")?.[1];
		if (request.headers.has("origin")) {
			return refuse("foreign_origin", "Devices are programs; a page uses the relay at accounts.");
		}
		if (token === undefined) {
			return refuse("unauthenticated", "Send the device's access token as a bearer token.");
		}
		let deviceId: string;
		try {
			deviceId = claimsSchema.parse((await jwtVerify(token, keys, expected)).payload).device;
		} catch (error) {
			if (error instanceof errors.JWKSTimeout || error instanceof TypeError) {
				return refuse("unavailable", "Accounts cannot be reached; try again in a moment.");
			}
			return refuse("session_expired", "The device's access token is not valid; refresh it and try again.");
		}
		const [, pairingId = null] = /\/key-relay\/([^/]+)\/?$/.exec(new URL(request.url).pathname) ?? [];
		return handleRelay(request, pairingId, { deviceId, store: openRelayStore(callDatabase, deviceId) });
	};
}
