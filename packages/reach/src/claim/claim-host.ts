import { createHash } from "node:crypto";
import { type AccountsAnswer, askAccounts } from "@opta/auth/accounts-client/ask-accounts";
import { confirmCode } from "@opta/auth/device-credential/confirm-code";
import { createDeviceKey, publicDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { proveKey } from "@opta/auth/device-credential/key-proof";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { hostClaimPath, hostClaimTokenPath } from "@opta/contracts/reach";
import type { HostIdentity } from "@opta/contracts/schema/host";
import {
	type HostClaimResponse,
	type HostClaimTokenResponse,
	hostClaimResponseSchema,
	hostClaimTokenResponseSchema,
} from "@opta/contracts/schema/host-claim";
import { flawOfIdentity } from "../identity/read-host-identity.ts";
import { storeFirstHostIdentity, storeHostIdentity } from "../identity/store-host-identity.ts";
import { awaitClaim } from "./await-claim.ts";
import { refuseSecondClaim } from "./refuse-second-claim.ts";

/** What a person needs to claim a host at accounts. */
export interface ClaimStep {
	/** To be typed, as `BCDF-GHJK`. */
	readonly userCode: string;
	readonly verificationUrl: string;
	/** The same with the code in it, for a QR code. */
	readonly verificationUrlComplete: string;
	/** To be compared with what the page shows, as `7KQ2-M0XD`. */
	readonly fingerprint: string;
	readonly expiresInMs: number;
}

/** Which host is claimed where, and how the person is told. */
export interface ClaimHostOptions {
	/** Folder that gets `host.json`. */
	readonly stateDir: string;
	/** Public origin of accounts. */
	readonly accountsOrigin: string;
	/** Name of the host as its people will read it. */
	readonly name: string;
	/** Version of the software. */
	readonly version: string;
	/** Replaces the identity of a host that its owner revoked; of no other. */
	readonly again: boolean;
	readonly show: (step: ClaimStep) => void;
	/** Ends the waiting. */
	readonly signal: AbortSignal;
}

/** Why a host was not claimed, in words for a person. `cancelled` where the signal ended it. */
export interface ClaimFailure {
	readonly ok: false;
	readonly code: ErrorCode | "unknown";
	readonly message: string;
}

/** Whose the host is now, or why it is nobody's. */
export type ClaimResult = { readonly ok: true; readonly identity: HostIdentity; readonly ownerName: string } | ClaimFailure;

function fail(code: ClaimFailure["code"], message: string): ClaimFailure {
	return { ok: false, code, message };
}

function stepOf(started: HostClaimResponse, thumbprint: string): ClaimStep {
	const { claimCode, userCode, verificationUrl, verificationUrlComplete, expiresInMs } = started;
	const challenge = createHash("sha256").update(claimCode).digest("base64url");
	return { userCode, verificationUrl, verificationUrlComplete, fingerprint: confirmCode(challenge, thumbprint), expiresInMs };
}

function alreadyThere(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "EEXIST";
}

/** Keeps who this host is now; a claim that was faster wins. */
async function keep(options: ClaimHostOptions, key: HostIdentity["key"], told: HostClaimTokenResponse): Promise<ClaimResult> {
	const { ownerName, ...rest } = told;
	const identity: HostIdentity = { ...rest, key };
	const flaw = identity.issuer === new URL(options.accountsOrigin).origin ? await flawOfIdentity(identity) : `names ${identity.issuer}.`;
	if (flaw !== null) {
		return fail("unknown", `Accounts answered with an identity that cannot be used: it ${flaw} Nothing was written.`);
	}
	try {
		await (options.again ? storeHostIdentity : storeFirstHostIdentity)(options.stateDir, identity);
	} catch (error) {
		const why = alreadyThere(error) ? "another claim was faster" : error instanceof Error ? error.message : String(error);
		const message = `The host was claimed, but its identity could not be kept in ${options.stateDir}: ${why}. Revoke it at accounts and claim it anew.`;
		return fail(alreadyThere(error) ? "conflict" : "internal", message);
	}
	return { ok: true, identity, ownerName };
}

/**
 * Has this computer claimed as a host (after RFC 8628): makes its key, shows a code that the signed-in person enters at
 * accounts, waits until they did, and writes `host.json`. The private key never leaves this computer. Never rejects
 * where a person can do something about it.
 */
export async function claimHost(options: ClaimHostOptions): Promise<ClaimResult> {
	const { accountsOrigin, name, version, signal } = options;
	const unreachable = `Accounts cannot be reached at ${accountsOrigin}. Check the connection, then claim the host again.`;
	const key = await createDeviceKey();
	const proofFor = async (path: string, secret: string): Promise<{ dpop: string }> => ({
		dpop: await proveKey(key, { method: "POST", url: new URL(path, accountsOrigin).href, secret }),
	});
	try {
		const refusal = await refuseSecondClaim(options);
		if (refusal !== null) {
			return fail("conflict", refusal);
		}
		const started = await askAccounts(accountsOrigin, {
			method: "POST",
			path: hostClaimPath,
			schema: hostClaimResponseSchema,
			headers: await proofFor(hostClaimPath, ""),
			body: { name, version, key: publicDeviceKey(key) },
			signal,
		});
		if (!started.ok) {
			return fail(started.code, started.message);
		}
		const { claimCode, intervalMs, expiresInMs } = started.value;
		options.show(stepOf(started.value, await thumbprintOf(key)));
		const ask = async (): Promise<AccountsAnswer<HostClaimTokenResponse>> =>
			askAccounts(accountsOrigin, {
				method: "POST",
				path: hostClaimTokenPath,
				schema: hostClaimTokenResponseSchema,
				headers: await proofFor(hostClaimTokenPath, claimCode),
				body: { claimCode },
				signal,
			});
		const claimed = await awaitClaim(ask, { intervalMs, expiresInMs }, signal);
		return claimed.ok ? await keep(options, key, claimed.value) : fail(claimed.code, claimed.message);
	} catch (error) {
		if (signal.aborted) {
			return fail("cancelled", "The claim was stopped. Nothing was written.");
		}
		if (error instanceof Error) {
			return fail("unavailable", unreachable);
		}
		throw error;
	}
}
