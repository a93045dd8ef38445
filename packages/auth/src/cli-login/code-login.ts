import { setTimeout as delay } from "node:timers/promises";
import { type DeviceCodeResponse, type DeviceKind, deviceCodeResponseSchema } from "@opta/contracts/schema/device-sign-in";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { createDeviceKey } from "../device-credential/device-key.ts";
import { callAccounts } from "./accounts-request.ts";
import type { DeviceCredential } from "./credential.ts";
import { credentialOf, requestToken } from "./request-token.ts";
import { SignInError } from "./sign-in-error.ts";

/** Who signs in where, and how the person is told. */
export interface CodeLogin {
	readonly addressing: SiteAddressing;
	readonly deviceName: string;
	readonly kind: DeviceKind;
	/** Shows the address and the code to type there. */
	show(step: Pick<DeviceCodeResponse, "userCode" | "verificationUrl" | "verificationUrlComplete">): void;
	readonly signal: AbortSignal;
}

/** RFC 8628 §3.5. */
const slowDownMs = 5000;

/**
 * Signs in a device without a browser (RFC 8628): the person types a code on any other device.
 * @throws {SignInError} when it was refused, took too long, or accounts cannot be reached; the signal's reason when that aborts.
 */
export async function signInWithCode({ addressing, deviceName, kind, show, signal }: CodeLogin): Promise<DeviceCredential> {
	const key = await createDeviceKey();
	const started = await callAccounts(addressing, {
		method: "POST",
		path: "/api/device/code",
		schema: deviceCodeResponseSchema,
		body: { name: deviceName, kind },
		proof: { key, secret: "" },
		signal,
	});
	if (!started.ok) {
		throw new SignInError(started.message);
	}
	const { deviceCode, expiresInMs, intervalMs } = started.value;
	show(started.value);
	const giveUpAt = performance.now() + expiresInMs;
	for (let waitMs = intervalMs; performance.now() < giveUpAt; ) {
		await delay(waitMs, undefined, { signal });
		const answer = await requestToken(addressing, key, { grantType: "deviceCode", deviceCode }, { signal });
		if (answer.ok) {
			return credentialOf(addressing, key, answer.value);
		}
		if (answer.code === "slow_down" || answer.code === "rate_limited") {
			waitMs = Math.max(waitMs + slowDownMs, answer.retryAfterMs ?? 0);
		} else if (answer.code !== "authorization_pending" && answer.code !== "unavailable") {
			throw new SignInError(answer.message);
		}
	}
	throw new SignInError("Nobody typed the code in time. Start again: opta account login --device");
}
