import type { ErrorBody } from "@opta/contracts/error-body";
import { deviceAudience, hostAudience } from "@opta/contracts/pass";
import type { HostRole } from "@opta/contracts/roles";

/** What a pass is for: a host that the person is a member of, or a device of theirs, to which whoever has this key speaks. */
export type PassTarget = { readonly hostId: string } | { readonly deviceId: string; readonly keyThumbprint: string };

/** A pass for one host or device, or why accounts gave none (`status` is that of its answer, 503 when it could not be asked). */
export type PassResult =
	| { readonly ok: true; readonly pass: string; readonly role: HostRole; readonly expiresAtMs: number }
	| { readonly ok: false; readonly status: number; readonly body: ErrorBody };

/** Asks accounts for a pass. */
export type PassSource = (accessToken: string, target: PassTarget) => Promise<PassResult>;

/** A source that keeps what it got. */
export interface PassCache {
	(accessToken: string, target: PassTarget): Promise<PassResult>;
	/** Who it was for did not take this pass (it was revoked, or other keys are trusted now): the next one is fetched anew. */
	forget(accessToken: string, target: PassTarget, pass: string): Promise<void>;
}

/** A pass with less left is fetched anew, so that a request does not arrive at its host with an expired one. */
const leastRemainingMs = 10_000;
const mostEntries = 1_000;

interface Entry {
	readonly result: Promise<PassResult>;
	/** While the answer is on its way nobody asks again. */
	expiresAtMs: number;
}

/**
 * Keeps each pass for its life, one per access token (so per person and session, and never for somebody who only
 * names a person) and target. Requests at the same time share one question; refusals are not kept; the oldest go first.
 */
export function createPassCache(source: PassSource, now: () => number = Date.now): PassCache {
	const entries = new Map<string, Entry>();

	function forgetOldest(): void {
		const oldest = entries.keys().next();
		if (entries.size >= mostEntries && !oldest.done) {
			entries.delete(oldest.value);
		}
	}

	const keyOf = (accessToken: string, target: PassTarget): string =>
		"hostId" in target
			? `${hostAudience(target.hostId)} ${accessToken}`
			: `${deviceAudience(target.deviceId)} ${target.keyThumbprint} ${accessToken}`;

	const take: PassSource = (accessToken, target) => {
		const key = keyOf(accessToken, target);
		const known = entries.get(key);
		if (known !== undefined && known.expiresAtMs - now() >= leastRemainingMs) {
			return known.result;
		}
		entries.delete(key);
		forgetOldest();
		const entry: Entry = { result: source(accessToken, target), expiresAtMs: Number.POSITIVE_INFINITY };
		entries.set(key, entry);
		const forget = () => {
			if (entries.get(key) === entry) {
				entries.delete(key);
			}
		};
		entry.result.then((result) => {
			if (result.ok) {
				entry.expiresAtMs = result.expiresAtMs;
			} else {
				forget();
			}
		}, forget);
		return entry.result;
	};

	return Object.assign(take, {
		async forget(accessToken: string, target: PassTarget, pass: string): Promise<void> {
			const key = keyOf(accessToken, target);
			const entry = entries.get(key);
			const result = await entry?.result;
			if (result?.ok === true && result.pass === pass && entries.get(key) === entry) {
				entries.delete(key);
			}
		},
	});
}
