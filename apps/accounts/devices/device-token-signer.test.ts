import { randomUUID } from "node:crypto";
import { hostAudience } from "@opta/contracts/pass";
import { localAddressing } from "@opta/contracts/site-url";
import { exportJWK, generateKeyPair } from "jose";
import { beforeAll, expect, it, vi } from "vitest";
import { createPassSigner, type PassSigningKey } from "../passes/pass-signer.ts";
import { createDeviceTokenSigner, type DeviceTokenClaims } from "./device-token-signer.ts";

const claims: DeviceTokenClaims = { userId: randomUUID(), deviceId: randomUUID(), keyThumbprint: "a".repeat(43) };

async function signingKey(): Promise<PassSigningKey> {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	return { ...((await exportJWK(privateKey)) as Omit<PassSigningKey, "kid">), kid: "one" };
}

let key: PassSigningKey;
beforeAll(async () => {
	key = await signingKey();
});

it("reads its own tokens for five minutes", async () => {
	const signer = createDeviceTokenSigner([key], localAddressing);
	const { accessToken } = await signer.sign(claims);
	expect(await signer.verify(accessToken)).toEqual(claims);
	vi.setSystemTime(Date.now() + 301_000);
	expect(await signer.verify(accessToken)).toBeNull();
	vi.useRealTimers();
});

it("takes neither a pass, nor another key's token, nor nonsense", async () => {
	const signer = createDeviceTokenSigner([key], localAddressing);
	const { pass } = await createPassSigner([key], localAddressing).sign({
		userId: claims.userId,
		audience: hostAudience(randomUUID()),
		role: "owner",
	});
	const { accessToken } = await createDeviceTokenSigner([await signingKey()], localAddressing).sign(claims);
	for (const token of [pass, accessToken, "a.b.c", ""]) {
		expect(await signer.verify(token)).toBeNull();
	}
});
