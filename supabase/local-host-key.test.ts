import { randomBytes } from "node:crypto";
import { importJWK, jwtVerify, SignJWT } from "jose";
import { expect, it } from "vitest";
import { localHostKey } from "./local-host-key.ts";

it("is the same for the same secret, another for another, and signs what its public half verifies", async () => {
	for (let tries = 0; tries < 50; tries++) {
		const secret = randomBytes(32).toString("base64url");
		const key = localHostKey(secret);
		expect(localHostKey(secret)).toEqual(key);
		expect(localHostKey(`${secret}x`).d).not.toBe(key.d);
		const { d: _, ...publicKey } = key;
		const token = await new SignJWT().setProtectedHeader({ alg: "ES256" }).sign(await importJWK(key, "ES256"));
		await expect(jwtVerify(token, await importJWK(publicKey, "ES256"))).resolves.toBeDefined();
	}
});
