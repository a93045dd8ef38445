import { networkInterfaces } from "node:os";

const lookMs = 5000;
/** A look that comes so much later means that the computer slept. */
const sleptMs = 15_000;

function addressesNow(): ReadonlySet<string> {
	const addresses = Object.values(networkInterfaces()).flatMap((one) => one ?? []);
	return new Set(addresses.filter(({ internal }) => !internal).map(({ address }) => address));
}

function hasMore(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
	return [...some].some((address) => !others.has(address));
}

/**
 * Calls back when this computer has other addresses than before, or woke up; `mayBeCut` where an address is gone or it slept,
 * so that connections are likely dead though nobody said so. The result ends it.
 */
export function watchNetwork(onChange: (mayBeCut: boolean) => void, addressesOf = addressesNow): () => void {
	let known = addressesOf();
	let lookedAtMs = Date.now();
	const timer = setInterval(() => {
		const addresses = addressesOf();
		const nowMs = Date.now();
		const hasSlept = nowMs - lookedAtMs > sleptMs;
		const hasLost = hasMore(known, addresses);
		const hasGained = hasMore(addresses, known);
		known = addresses;
		lookedAtMs = nowMs;
		if (hasSlept || hasLost || hasGained) {
			onChange(hasSlept || hasLost);
		}
	}, lookMs).unref();
	return () => clearInterval(timer);
}
