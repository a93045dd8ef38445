import { readFile } from "node:fs/promises";
import { type HostPublicKey, hostPublicKeySchema } from "@opta/contracts/schema/host-claim";
import { type PassKey, passKeySchema } from "@opta/contracts/schema/pass";
import { z } from "zod";
import { writePrivateText } from "../platform/private-file.ts";
import { isMissing } from "../sessions/is-missing.ts";

const pinsSchema = z.object({
	/** Keys of passes, as this sign-in first met them at these accounts; followed by accounts' own statements since. */
	accounts: z.object({ issuer: z.string(), deviceId: z.string(), keys: z.array(passKeySchema).min(1) }).nullable(),
	/** Public keys of hosts by their ids. */
	hosts: z.record(z.string(), hostPublicKeySchema),
});

type Pins = z.infer<typeof pinsSchema>;

/** For whom accounts' keys are pinned: a new sign-in begins anew. */
export interface AccountsPin {
	readonly issuer: string;
	readonly deviceId: string;
}

/** What this computer remembers of accounts and of hosts, so that nobody is put in their place later. */
export interface ReachPins {
	/** Null where none are pinned for this sign-in. */
	readonly readAccounts: (pin: AccountsPin) => Promise<readonly PassKey[] | null>;
	readonly writeAccounts: (pin: AccountsPin, keys: readonly PassKey[]) => Promise<void>;
	/** Remembers the key of a host that is met for the first time; false where another key is remembered of it. */
	readonly isHostKey: (hostId: string, key: HostPublicKey) => Promise<boolean>;
	/** The next key of this host is taken as new: the person joins it anew. */
	readonly forgetHost: (hostId: string) => Promise<void>;
}

async function read(file: string): Promise<Pins> {
	let text: string;
	try {
		text = await readFile(file, "utf8");
	} catch (error) {
		if (isMissing(error)) {
			return { accounts: null, hosts: {} };
		}
		throw error;
	}
	try {
		return pinsSchema.parse(JSON.parse(text));
	} catch (cause) {
		throw new Error(`${file} is damaged. Remove it and join your host again: opta reach on`, { cause });
	}
}

/** Opens the file of a home, readable by its user only. */
export function openReachPins(file: string): ReachPins {
	const write = (pins: Pins): Promise<void> => writePrivateText(file, `${JSON.stringify(pins, null, "\t")}\n`);
	let last: Promise<unknown> = Promise.resolve();
	/** One change after the other, so that none writes over another one's. */
	const change = <T>(work: () => Promise<T>): Promise<T> => {
		const next = last.then(work);
		// Its caller hears how it ended; the next one only waits for that.
		last = next.catch(() => undefined);
		return next;
	};
	return {
		async readAccounts({ issuer, deviceId }) {
			const { accounts } = await read(file);
			return accounts !== null && accounts.issuer === issuer && accounts.deviceId === deviceId ? accounts.keys : null;
		},
		writeAccounts: (pin, keys) => change(async () => write({ ...(await read(file)), accounts: { ...pin, keys: [...keys] } })),
		isHostKey: (hostId, { kty, crv, x, y }) =>
			change(async () => {
				const pins = await read(file);
				const known = pins.hosts[hostId];
				if (known === undefined) {
					await write({ ...pins, hosts: { ...pins.hosts, [hostId]: { kty, crv, x, y } } });
					return true;
				}
				return known.x === x && known.y === y;
			}),
		forgetHost: (hostId) =>
			change(async () => {
				const { accounts, hosts } = await read(file);
				const { [hostId]: _forgotten, ...others } = hosts;
				await write({ accounts, hosts: others });
			}),
	};
}
