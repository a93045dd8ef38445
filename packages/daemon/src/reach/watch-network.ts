import { networkInterfaces } from "node:os";

const lookMs = 5000;
/** A look that comes so much later means that the computer slept. */
const sleptMs = 15_000;

function addressesNow(): string {
	return Object.values(networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.filter(({ internal }) => !internal)
		.map(({ address }) => address)
		.sort()
		.join(" ");
}

/** Calls back when this computer has other addresses than before, or woke up. The result ends it. */
export function watchNetwork(onChange: () => void): () => void {
	let known = addressesNow();
	let lookedAtMs = Date.now();
	const timer = setInterval(() => {
		const addresses = addressesNow();
		const nowMs = Date.now();
		const hasSlept = nowMs - lookedAtMs > sleptMs;
		const hasMoved = addresses !== known;
		known = addresses;
		lookedAtMs = nowMs;
		if (hasSlept || hasMoved) {
			onChange();
		}
	}, lookMs).unref();
	return () => clearInterval(timer);
}
