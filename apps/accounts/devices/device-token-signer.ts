import { createPrivateKey } from "node:crypto";
import { deviceTokenAudience, deviceTokenLifetimeSeconds, deviceTokenType } from "@opta/contracts/device-sign-in";
import { passAlgorithm } from "@opta/contracts/pass";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import type { PassSigningKeys } from "../passes/pass-signer.ts";

const claimsSchema = z.object({ sub: z.uuid(), device: z.uuid(), cnf: z.object({ jkt: z.string() }) });

/** What a device's access token says. */
export interface DeviceTokenClaims {
	readonly userId: string;
	readonly deviceId: string;
	/** Thumbprint of the device's key. */
	readonly keyThumbprint: string;
}

/** Signs and verifies the access tokens that accounts gives to devices. */
export interface DeviceTokenSigner {
	sign(claims: DeviceTokenClaims): Promise<{ readonly accessToken: string; readonly expiresAt: string }>;
	/** Null for anything but a token of ours that is in time. */
	verify(token: string): Promise<DeviceTokenClaims | null>;
}

/** Makes the signer of a set of keys; passes are signed with the same, and audience and type tell them apart. */
export function createDeviceTokenSigner(signingKeys: PassSigningKeys, addressing: SiteAddressing): DeviceTokenSigner {
	const [{ kid }] = signingKeys;
	const privateKey = createPrivateKey({ key: signingKeys[0], format: "jwk" });
	const publicKeys = createLocalJWKSet({ keys: signingKeys.map(({ d: _, ...publicJwk }) => publicJwk) });
	const issuer = siteOrigin(addressing, "accounts");
	return {
		async sign({ userId, deviceId, keyThumbprint }) {
			const expiresAt = Math.floor(Date.now() / 1000) + deviceTokenLifetimeSeconds;
			const accessToken = await new SignJWT({ device: deviceId, cnf: { jkt: keyThumbprint } })
				.setProtectedHeader({ alg: passAlgorithm, typ: deviceTokenType, kid })
				.setIssuer(issuer)
				.setAudience(deviceTokenAudience)
				.setSubject(userId)
				.setIssuedAt()
				.setExpirationTime(expiresAt)
				.sign(privateKey);
			return { accessToken, expiresAt: new Date(expiresAt * 1000).toISOString() };
		},
		async verify(token) {
			try {
				const { payload } = await jwtVerify(token, publicKeys, {
					algorithms: [passAlgorithm],
					typ: deviceTokenType,
					issuer,
					audience: deviceTokenAudience,
				});
				const { sub, device, cnf } = claimsSchema.parse(payload);
				return { userId: sub, deviceId: device, keyThumbprint: cnf.jkt };
			} catch {
				return null;
			}
		},
	};
}
