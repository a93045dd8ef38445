import type { VaultHeader } from "@opta/contracts/schema/vault";
import type { DeviceKeys } from "../keys/device-wrap.ts";
import {
	createVault,
	newestUserKey,
	openWithRootKey,
	type UnlockedVault,
	unlockOnDevice,
	unlockWithPassphrase,
	unlockWithRecoveryKey,
} from "../unlock/unlocked-vault.ts";
import { VaultError } from "../vault-error.ts";
import { ItemStore, type PinStore } from "./item-store.ts";
import { type VaultRoutes, VaultServerError } from "./vault-http.ts";

/** The server, and what this machine remembers of the vault. */
export interface VaultEnds {
	readonly routes: VaultRoutes;
	readonly pins: PinStore;
}

interface OpenedParts extends VaultEnds {
	readonly header: VaultHeader;
	readonly unlocked: UnlockedVault;
	readonly deviceKeys: DeviceKeys | null;
}

/** An open vault and the server that keeps it. Keys stay in the memory of whoever opened it. */
export class OpenVault {
	readonly routes: VaultRoutes;
	readonly store: ItemStore;
	readonly #deviceKeys: DeviceKeys | null;
	#unlocked: UnlockedVault;
	#header: VaultHeader;

	/** Reads the items before it is used: see `refresh`. */
	constructor({ routes, pins, header, unlocked, deviceKeys }: OpenedParts) {
		this.routes = routes;
		this.store = new ItemStore(routes, pins);
		this.#header = header;
		this.#unlocked = unlocked;
		this.#deviceKeys = deviceKeys;
	}

	get unlocked(): UnlockedVault {
		return this.#unlocked;
	}

	get header(): VaultHeader {
		return this.#header;
	}

	/**
	 * Reads what others changed: items, and keys where there are new ones.
	 * @throws {VaultError} `manifest_mismatch`, `rolled_back`, `other_vault`, `cannot_open`
	 * @throws {VaultServerError}
	 */
	async refresh(): Promise<void> {
		await this.#takeKeys((await readHeader(this.routes)).header);
		try {
			await this.store.refresh(this.#unlocked);
		} catch (error) {
			const { header } = await readHeader(this.routes);
			if (header.manifest.epoch === newestUserKey(this.#unlocked).epoch) {
				throw error;
			}
			// New keys came between the two readings.
			await this.#takeKeys(header);
			await this.store.refresh(this.#unlocked);
		}
	}

	async #takeKeys(header: VaultHeader): Promise<void> {
		const { place, rootKey } = this.#unlocked;
		if (header.vaultId !== place.vaultId) {
			throw new VaultError("other_vault", "This is another vault than the one that was used here before.");
		}
		if (header.manifest.epoch !== newestUserKey(this.#unlocked).epoch) {
			if (rootKey !== null) {
				this.#unlocked = await openWithRootKey(rootKey, header, place);
			} else if (this.#deviceKeys !== null) {
				this.#unlocked = await unlockOnDevice(place.userId, header, this.#deviceKeys);
			}
		}
		this.#header = header;
	}
}

async function readHeader(routes: VaultRoutes): Promise<{ userId: string; header: VaultHeader }> {
	const { userId, vault } = await routes.read();
	if (vault === null) {
		throw new VaultServerError("not_found", "There is no vault yet. Make one on the vault page of accounts.");
	}
	return { userId, header: vault };
}

async function opened(parts: OpenedParts): Promise<OpenVault> {
	const vault = new OpenVault(parts);
	await vault.refresh();
	return vault;
}

/**
 * Makes the vault of somebody who has none. The recovery key is shown once.
 * @throws {VaultServerError} `conflict` when there is one
 */
export async function makeVault({ routes, pins }: VaultEnds, passphrase: string): Promise<{ vault: OpenVault; recoveryKey: string }> {
	const { userId } = await routes.read();
	const { body, recoveryKey, unlocked } = await createVault(userId, passphrase);
	await routes.create(body);
	const { header } = await readHeader(routes);
	return { vault: await opened({ routes, pins, header, unlocked, deviceKeys: null }), recoveryKey };
}

/** @throws {VaultError} @throws {VaultServerError} */
export async function openByPassphrase({ routes, pins }: VaultEnds, passphrase: string): Promise<OpenVault> {
	const { userId, header } = await readHeader(routes);
	return opened({ routes, pins, header, unlocked: await unlockWithPassphrase(userId, header, passphrase), deviceKeys: null });
}

/** @throws {VaultError} @throws {VaultServerError} */
export async function openByRecoveryKey({ routes, pins }: VaultEnds, recoveryKey: string): Promise<OpenVault> {
	const { userId, header } = await readHeader(routes);
	return opened({ routes, pins, header, unlocked: await unlockWithRecoveryKey(userId, header, recoveryKey), deviceKeys: null });
}

/** @throws {VaultError} @throws {VaultServerError} */
export async function openByDevice({ routes, pins }: VaultEnds, deviceKeys: DeviceKeys): Promise<OpenVault> {
	const { userId, header } = await readHeader(routes);
	return opened({ routes, pins, header, unlocked: await unlockOnDevice(userId, header, deviceKeys), deviceKeys });
}
