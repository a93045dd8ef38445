import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, it } from "vitest";
import { createAccessTokenVerifier } from "./access-token.ts";
import { readSessionWith } from "./session.ts";

it("a page that only needs the identity asks the back end nothing but its public keys, once, where keys are asymmetric", async () => {
	const { privateKey, publicKey } = await generateKeyPair("ES256");
	const asked: string[] = [];
	const backEnd = createServer(({ method, url }, response) => {
		asked.push(`${method} ${url}`);
		exportJWK(publicKey).then((jwk) => response.end(JSON.stringify({ keys: [{ ...jwk, kid: "k1", alg: "ES256" }] })));
	}).listen(0, "127.0.0.1");
	await once(backEnd, "listening");
	const supabaseUrl = `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}`;
	const verify = createAccessTokenVerifier({ supabaseUrl, jwtSecret: null });
	const cookieOf = async (person: number): Promise<string> => {
		const token = await new SignJWT({ role: "authenticated", email: `${person}@example.org` })
			.setProtectedHeader({ alg: "ES256", kid: "k1" })
			.setIssuer(`${supabaseUrl}/auth/v1`)
			.setAudience("authenticated")
			.setSubject(`3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c${person}`)
			.setExpirationTime("10 minutes")
			.sign(privateKey);
		return `${sessionCookieName}=base64-${Buffer.from(JSON.stringify({ access_token: token, refresh_token: "r" })).toString("base64url")}`;
	};
	const cookies = await Promise.all(Array.from({ length: 50 }, (_, index) => cookieOf(10 + index)));
	const sessions = await Promise.all(cookies.map((cookie) => readSessionWith(verify, cookie)));
	expect(sessions.map(({ state }) => state)).toEqual(cookies.map(() => "signedIn"));
	for (const cookie of cookies) {
		expect(await readSessionWith(verify, cookie)).toMatchObject({ state: "signedIn" });
	}
	expect(asked).toEqual(["GET /auth/v1/.well-known/jwks.json"]);
	backEnd.close();
	backEnd.closeAllConnections();
});
