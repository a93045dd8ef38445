import type { VaultPullResult, vaultPullSchema } from "@opta/contracts/schema/daemon-status";
import { VaultServerError } from "@opta/vault/client/vault-http";
import { readDeviceKeys } from "@opta/vault/pull/device-keys-store";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { type PullReport, pullVault } from "@opta/vault/pull/pull-vault";
import { VaultError } from "@opta/vault/vault-error";
import type { z } from "zod";
import { type Egress, EgressRefusedError } from "../egress/egress.ts";
import { homeFiles } from "../platform/home-files.ts";
import { done, failed, type Outcome } from "../sessions/outcome.ts";
import { accountsHttp } from "./accounts-http.ts";
import { providerOf } from "./provider-keys.ts";

/** What a pull needs of the daemon. */
export interface PullParts {
	readonly home: string;
	readonly egress: Egress;
	/** `accounts.origin`. */
	readonly accountsOrigin: () => string;
}

type PullBody = z.output<typeof vaultPullSchema>;

function changesOf(report: PullReport): VaultPullResult["changes"] {
	const named = (names: readonly string[], change: VaultPullResult["changes"][number]["change"]) =>
		names.map((name) => ({ name, change, configured: change === "removed" ? null : providerOf(name) }));
	return [
		...named(report.added, "added"),
		...named(report.changed, "updated"),
		...named(report.removed, "removed"),
		...named(report.unchanged, "unchanged"),
	];
}

function outcomeOf(report: PullReport): Outcome<VaultPullResult> {
	if (report.outcome === "offline") {
		return failed("host_unreachable", "Accounts cannot be reached; the keys that are here stay. Try again when it can: opta vault pull");
	}
	if (report.outcome === "revoked") {
		return failed("forbidden", "This device has no access to the vault any more; the keys that were pulled here are removed.");
	}
	const [refused] = report.failed;
	if (refused !== undefined) {
		return failed("unavailable", `The ${report.store.kind} did not take "${refused.name}": ${refused.reason}. The others are in place.`);
	}
	return done({ changes: changesOf(report), dryRun: report.isDryRun });
}

async function pull({ home, egress, accountsOrigin }: PullParts, { dryRun, account }: PullBody): Promise<Outcome<VaultPullResult>> {
	const files = homeFiles(home);
	try {
		egress.assertAllowed(accountsOrigin(), "account");
		const store = await openSecretStore(account.userId, files.vaultSecrets);
		const keys = await readDeviceKeys(store);
		if (keys === null) {
			return failed("forbidden", "This device has no access to the vault yet. Let it in from a device that has: opta vault status");
		}
		const report = await pullVault({
			http: accountsHttp(accountsOrigin(), account.accessToken, egress.way("account").dispatcher),
			keys,
			store,
			state: openPullState(files.vaultState),
			isDryRun: dryRun,
		});
		return outcomeOf(report);
	} catch (error) {
		if (error instanceof EgressRefusedError || error instanceof VaultError) {
			return failed("forbidden", error.message);
		}
		if (error instanceof VaultServerError) {
			return failed("host_unreachable", error.message);
		}
		throw error;
	}
}

let running: Promise<unknown> = Promise.resolve();

/** `POST /v3/vault/pull`: brings the account's keys to this computer's keychain, as the signed-in person. One pull at a time. */
export function pullOnce(parts: PullParts, body: PullBody): Promise<Outcome<VaultPullResult>> {
	const next = running.then(() => pull(parts, body));
	// Its caller hears how it ended; the next one only waits for that.
	running = next.catch(() => undefined);
	return next;
}
