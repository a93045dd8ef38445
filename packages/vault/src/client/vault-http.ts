import { errorBodySchema } from "@opta/contracts/schema/error";
import {
	type AddVaultDevice,
	type AdvanceEpoch,
	type CreateVault,
	type HistoryResponse,
	historyResponseSchema,
	type ItemsResponse,
	itemsResponseSchema,
	type RemoveVault,
	type ReplaceRootWraps,
	type VaultChanges,
	type VaultRefusalReason,
	type VaultResponse,
	vaultRefusalReasons,
	vaultResponseSchema,
} from "@opta/contracts/schema/vault";
import { z } from "zod";

/** Sends one request to accounts as the signed-in person or device. Rejects when accounts cannot be reached. */
export type VaultHttp = (
	method: "GET" | "POST" | "PUT" | "DELETE",
	path: string,
	body?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Accounts refused, cannot be reached, or answers in another form than this version knows. */
export class VaultServerError extends Error {
	override readonly name = "VaultServerError";
	/** An error code of the platform; `unavailable` also where there was no answer. */
	readonly code: string;
	/** Of a `conflict`: what somebody else wrote first; of `forbidden`: that a second factor has to be proved. */
	readonly reason: VaultRefusalReason | null;

	constructor(code: string, message: string, more: { readonly reason?: VaultRefusalReason | null; readonly cause?: unknown } = {}) {
		super(message, { cause: more.cause });
		this.code = code;
		this.reason = more.reason ?? null;
	}
}

const reasonSchema = z.enum(vaultRefusalReasons).nullable().catch(null);

/**
 * Calls a route of accounts and checks the form of its answer.
 * @throws {VaultServerError}
 */
export async function callVault<T>(http: VaultHttp, schema: z.ZodType<T>, ...request: Parameters<VaultHttp>): Promise<T> {
	const answer = await http(...request).catch((cause: unknown) => {
		throw new VaultServerError("unavailable", "Accounts cannot be reached. Check the connection and try again; nothing was lost.", {
			cause,
		});
	});
	if (answer.status >= 400) {
		const refusal = errorBodySchema.safeParse(answer.body).data?.error;
		const message = refusal?.message ?? "Accounts could not answer. Try again in a moment.";
		throw new VaultServerError(refusal?.code ?? "unavailable", message, {
			reason: reasonSchema.parse(refusal?.details?.reason ?? null),
		});
	}
	const parsed = schema.safeParse(answer.body);
	if (!parsed.success) {
		throw new VaultServerError("internal", "Accounts answers in a form that this version does not know. Load the page again, or update.");
	}
	return parsed.data;
}

/** The vault's routes of accounts. Every call may throw `VaultServerError`. */
export interface VaultRoutes {
	read(): Promise<VaultResponse>;
	create(vault: CreateVault): Promise<void>;
	remove(vault: RemoveVault): Promise<void>;
	itemsAfter(change: number): Promise<ItemsResponse>;
	history(itemId: string, beforeVersion: number | null): Promise<HistoryResponse>;
	write(changes: VaultChanges): Promise<void>;
	replaceRoot(change: ReplaceRootWraps): Promise<void>;
	advanceEpoch(change: AdvanceEpoch): Promise<void>;
	addDevice(device: AddVaultDevice): Promise<void>;
}

/** Opens the vault's routes. */
export function openVaultRoutes(http: VaultHttp): VaultRoutes {
	const done = async (...request: Parameters<VaultHttp>): Promise<void> => {
		await callVault(http, z.unknown(), ...request);
	};
	return {
		read: () => callVault(http, vaultResponseSchema, "GET", "/api/vault"),
		create: (vault) => done("POST", "/api/vault", vault),
		remove: (vault) => done("DELETE", "/api/vault", vault),
		itemsAfter: (change) => callVault(http, itemsResponseSchema, "GET", `/api/vault/items?after=${change}`),
		history: (itemId, beforeVersion) =>
			callVault(
				http,
				historyResponseSchema,
				"GET",
				`/api/vault/items/${itemId}${beforeVersion === null ? "" : `?before=${beforeVersion}`}`,
			),
		write: (changes) => done("POST", "/api/vault/changes", changes),
		replaceRoot: (change) => done("PUT", "/api/vault/keys", change),
		advanceEpoch: (change) => done("POST", "/api/vault/epochs", change),
		addDevice: (device) => done("POST", "/api/vault/devices", device),
	};
}
