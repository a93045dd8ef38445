import type { PassKey } from "@opta/contracts/schema/pass";
import { createLocalJWKSet, type JWTVerifyGetKey } from "jose";
import { readKeyStatement } from "./read-key-statement.ts";

/** How a host or device learns of new keys of its accounts. */
export interface PinnedKeysOptions {
	/** Public origin of accounts. */
	readonly issuer: string;
	/** Those that are pinned already. */
	readonly pinned: readonly PassKey[];
	/** Fetches accounts' statements about its keys. */
	readonly fetchStatements: () => Promise<readonly string[]>;
	/** Keeps the new keys where they survive a restart; only then are they used. */
	readonly store: (keys: readonly PassKey[]) => Promise<void>;
	/** Told what a question came to, for the own log. */
	readonly report: (facts: { readonly learned?: readonly string[]; readonly err?: unknown }, words: string) => void;
	/** Milliseconds that only go forward. */
	readonly now?: () => number;
}

/** The keys of accounts that passes are taken of. */
export interface PinnedKeys {
	readonly find: JWTVerifyGetKey;
	/** Asks accounts, at most once a minute; true when other keys are pinned now than before. Never rejects. */
	readonly refresh: () => Promise<boolean>;
}

/** However many passes name an unknown key, accounts is asked this often. */
const leastMsBetweenQuestions = 60_000;

function sameKeys(some: readonly PassKey[], others: readonly PassKey[]): boolean {
	const spelled = (keys: readonly PassKey[]): string =>
		keys
			.map(({ kid, x, y }) => `${kid} ${x} ${y}`)
			.sort()
			.join("\n");
	return spelled(some) === spelled(others);
}

/** Holds the pinned keys and replaces them by what accounts states with one of them. */
export function createPinnedKeys({
	issuer,
	store,
	fetchStatements,
	report,
	now = () => performance.now(),
	...options
}: PinnedKeysOptions): PinnedKeys {
	let { pinned } = options;
	let find = createLocalJWKSet({ keys: [...pinned] });
	let askedAtMs = Number.NEGATIVE_INFINITY;
	let question: Promise<boolean> | null = null;

	async function learn(): Promise<boolean> {
		for (const statement of await fetchStatements()) {
			const keys = await readKeyStatement(statement, { issuer, pinned });
			if (keys === null) {
				continue;
			}
			if (sameKeys(keys, pinned)) {
				return false;
			}
			await store(keys);
			pinned = keys;
			find = createLocalJWKSet({ keys: [...keys] });
			report({ learned: keys.map(({ kid }) => kid) }, "accounts has other keys now");
			return true;
		}
		report({}, "no key that is pinned here has signed accounts' keys; if accounts lost its keys, claim the host again or sign in anew");
		return false;
	}

	return {
		find: (header, token) => find(header, token),
		async refresh() {
			if (question !== null) {
				return question;
			}
			if (now() - askedAtMs < leastMsBetweenQuestions) {
				return false;
			}
			askedAtMs = now();
			question = learn().catch((err: unknown) => {
				report({ err }, "accounts could not be asked for its keys");
				return false;
			});
			try {
				return await question;
			} finally {
				question = null;
			}
		},
	};
}
