import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAccessTokenVerifier } from "@opta/auth/access-token";
import { readSessionWith } from "@opta/auth/session";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { median } from "../median.ts";

/** What knowing who asks adds to a page of a signed-in person. */
export interface IdentityCheck {
	readonly medianMs: number;
	readonly slowestOfHundredMs: number;
	/** Requests to the back end, for its public keys, in the whole run. */
	readonly backEndRequests: number;
}

const warmUps = 200;
const measured = 5000;

/** Measures `readSession` with ES256 keys as a hosted project has them, a new token for every request. */
export async function measureIdentityCheck(): Promise<IdentityCheck> {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }] });
	let backEndRequests = 0;
	const backEnd = createServer((_request, response) => {
		backEndRequests += 1;
		response.end(keys);
	}).listen(0, "127.0.0.1");
	await once(backEnd, "listening");
	const supabaseUrl = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}`;
	const verify = createAccessTokenVerifier({ supabaseUrl, jwtSecret: null });
	const cookies: string[] = [];
	for (let index = 0; index < warmUps + measured; index++) {
		const token = await new SignJWT({ role: "authenticated", email: `person${index}@example.org`, session_id: "x".repeat(36) })
			.setProtectedHeader({ alg: "ES256", kid: "k1" })
			.setIssuer(`${supabaseUrl}/auth/v1`)
			.setAudience("authenticated")
			.setSubject("3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c9d")
			.setExpirationTime("1 hour")
			.sign(privateKey);
		const session = Buffer.from(JSON.stringify({ access_token: token, refresh_token: "r".repeat(12) })).toString("base64url");
		cookies.push(`${sessionCookieName}=base64-${session}`);
	}
	const timesMs: number[] = [];
	for (const cookie of cookies) {
		const startedAtMs = performance.now();
		const session = await readSessionWith(verify, cookie);
		timesMs.push(performance.now() - startedAtMs);
		if (session.state !== "signedIn") {
			throw new Error(`A good token was ${session.state}.`);
		}
	}
	backEnd.close();
	backEnd.closeAllConnections();
	const counted = timesMs.slice(warmUps).sort((a, b) => a - b);
	return { medianMs: median(counted), slowestOfHundredMs: counted[Math.floor(counted.length * 0.99)] ?? Number.NaN, backEndRequests };
}
