import {
	type AddVaultDevice,
	type AdvanceEpoch,
	type CreateVault,
	type HistoryResponse,
	historyResponseSchema,
	type ItemsResponse,
	itemsResponseSchema,
	type ReplaceRootWraps,
	type VaultChanges,
	type VaultConflictReason,
	type VaultResponse,
	vaultConflictReasons,
	vaultResponseSchema,
} from "@opta/contracts/schema/vault";
import { z } from "zod";
import type { Portal } from "../portal/portal.ts";
import type { VaultCaller } from "./vault-caller.ts";

/** What the database answers. `refused`: the session or the device was ended. */
export type VaultAnswer<T> =
	| { readonly state: "ok"; readonly value: T }
	| { readonly state: "conflict"; readonly reason: VaultConflictReason }
	| { readonly state: "full" | "refused" | "unavailable" };

const outcomeSchema = z.discriminatedUnion("state", [
	z.object({ state: z.literal("ok"), answer: z.unknown().optional() }),
	z.object({ state: z.literal("conflict"), reason: z.enum(vaultConflictReasons) }),
	z.object({ state: z.literal("full") }),
]);

/** A person's vault in the database, by the functions that ask for the portal's key and check everything again. */
export interface VaultData {
	read(): Promise<VaultAnswer<VaultResponse>>;
	itemsAfter(change: number): Promise<VaultAnswer<ItemsResponse>>;
	history(itemId: string, beforeVersion: number | null): Promise<VaultAnswer<HistoryResponse>>;
	write(changes: VaultChanges): Promise<VaultAnswer<null>>;
	create(vault: CreateVault): Promise<VaultAnswer<null>>;
	replaceRoot(change: ReplaceRootWraps): Promise<VaultAnswer<null>>;
	advanceEpoch(change: AdvanceEpoch): Promise<VaultAnswer<null>>;
	addDevice(device: AddVaultDevice): Promise<VaultAnswer<null>>;
	remove(vaultId: string): Promise<VaultAnswer<null>>;
}

/** Opens the vault of a caller. What only its owner may do is refused to a device by the database: it has no session. */
export function openVaultData(portal: Portal, { accessToken, deviceId }: VaultCaller): VaultData {
	const call = async (name: string, values: Readonly<Record<string, unknown>>): Promise<VaultAnswer<unknown>> => {
		const answer = await portal.call(name, values, accessToken);
		return answer.state === "ok" ? { state: "ok", value: answer.data } : { state: answer.state };
	};
	const read = async <T>(schema: z.ZodType<T>, answering: Promise<VaultAnswer<unknown>>): Promise<VaultAnswer<T>> => {
		const answer = await answering;
		return answer.state === "ok" ? { state: "ok", value: schema.parse(answer.value) } : answer;
	};
	const outcome = async (name: string, values: Readonly<Record<string, unknown>>): Promise<VaultAnswer<unknown>> => {
		const answer = await read(outcomeSchema, call(name, values));
		if (answer.state !== "ok") {
			return answer;
		}
		return answer.value.state === "ok" ? { state: "ok", value: answer.value.answer } : answer.value;
	};
	const done = (name: string, values: Readonly<Record<string, unknown>>): Promise<VaultAnswer<null>> =>
		read(
			z.unknown().transform(() => null),
			outcome(name, values),
		);
	const device = { of_device: deviceId };
	return {
		read: () => read(vaultResponseSchema, call("vault_read", device)),
		itemsAfter: (change) => read(itemsResponseSchema, outcome("vault_items_after", { ...device, after_change: change })),
		history: (itemId, beforeVersion) =>
			read(historyResponseSchema, call("vault_history", { ...device, of_item: itemId, before_version: beforeVersion })),
		write: ({ items, manifest }) => done("vault_write", { ...device, items, manifest }),
		create: ({ vaultId, root, epoch, manifest }) => done("vault_create", { vault_id: vaultId, root, epoch, manifest }),
		replaceRoot: ({ expectedRevision, root }) => done("vault_replace_root", { expected_revision: expectedRevision, root }),
		advanceEpoch: ({ epoch, devices, manifest }) => done("vault_advance_epoch", { epoch, devices, manifest }),
		addDevice: ({ wrap }) => done("vault_add_device", { wrap }),
		remove: (vaultId) => done("vault_remove", { vault_id: vaultId }),
	};
}
