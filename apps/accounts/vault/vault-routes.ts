import { errorBody } from "@opta/contracts/error-body";
import { errorStatus } from "@opta/contracts/error-codes";
import { readJsonBody } from "@opta/contracts/read-json-body";
import {
	addVaultDeviceSchema,
	advanceEpochSchema,
	createVaultSchema,
	removeVaultSchema,
	replaceRootWrapsSchema,
	type VaultConflictReason,
	vaultChangesSchema,
	vaultIdSchema,
} from "@opta/contracts/schema/vault";
import { largestVaultWriteBytes } from "@opta/contracts/vault-limits";
import type { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";
import { needsProof, readSecondFactors } from "../second-factor/read-second-factors.ts";
import { accountServiceUnreachable, privateJson, refusal } from "../session/response.ts";
import { identifyVaultCaller, type VaultCaller } from "./vault-caller.ts";
import { openVaultData, type VaultAnswer, type VaultData } from "./vault-data.ts";

const largestKeyRequestBytes = 65_536;

const conflicts: Record<VaultConflictReason, string> = {
	exists: "There is a vault already; load the page again.",
	item: "Somebody else changed this item first; read it again.",
	manifest: "Somebody else wrote first; read what changed and try again.",
	epoch: "The vault has new keys; read them and try again.",
	root: "The passphrase was changed elsewhere; load the page again.",
	device: "One of the devices is signed out; read the vault again.",
	missing: "There is no vault yet; load the page again.",
};

function withCookies(response: Response, setCookies: readonly string[]): Response {
	for (const line of setCookies) {
		response.headers.append("set-cookie", line);
	}
	return response;
}

function answered(answer: VaultAnswer<unknown>, status: number): Response {
	switch (answer.state) {
		case "ok":
			return privateJson(answer.value ?? { state: "done" }, [], status);
		case "conflict":
			return privateJson(errorBody("conflict", conflicts[answer.reason], { details: { reason: answer.reason } }), [], errorStatus.conflict);
		case "full":
			return refusal("payload_too_large", "The vault is full: it holds 10,000 items and about 75 MB, with what they were before.");
		case "refused":
			return refusal("unauthenticated", "The session is over; sign in again.");
		case "unavailable":
			return refusal("unavailable", accountServiceUnreachable);
	}
}

type Work = (data: VaultData) => Promise<VaultAnswer<unknown>>;

async function answerFor(context: AccountsContext, request: Request, work: Work, status = 200): Promise<Response> {
	const identified = await identifyVaultCaller(context, request);
	if (!identified.ok) {
		return identified.response;
	}
	const { caller } = identified;
	return withCookies(answered(await work(openVaultData(context.portal, caller)), status), caller.setCookies);
}

interface TakenBody<T> {
	readonly schema: z.ZodType<T>;
	readonly mostBytes?: number;
	readonly status?: number;
	/** Gives somebody access or takes everything away: whoever has a second factor proves it first. */
	readonly isSensitive?: boolean;
}

/** The answer where a second factor has to be proved first, or cannot be asked for; else null. */
async function refuseUnproved(context: AccountsContext, { accessToken }: VaultCaller): Promise<Response | null> {
	if (accessToken === undefined) {
		return null;
	}
	const factors = await readSecondFactors(context, { accessToken });
	if (factors === null) {
		return refusal("unavailable", accountServiceUnreachable);
	}
	if (!needsProof(factors)) {
		return null;
	}
	const body = errorBody("forbidden", "Prove your second factor first, then do this again.", { details: { reason: "second_factor" } });
	return privateJson(body, [], errorStatus.forbidden);
}

/** Like `answerFor`, with a body; who may not ask learns nothing of what is wrong with it. */
async function answerBody<T>(
	context: AccountsContext,
	request: Request,
	{ schema, mostBytes = largestKeyRequestBytes, status = 200, isSensitive = false }: TakenBody<T>,
	work: (data: VaultData, body: T) => Promise<VaultAnswer<unknown>>,
): Promise<Response> {
	const identified = await identifyVaultCaller(context, request);
	if (!identified.ok) {
		return identified.response;
	}
	const { caller } = identified;
	const body = await readJsonBody(request, mostBytes);
	if (body.state === "tooLarge") {
		return withCookies(
			refusal("payload_too_large", `A request to the vault has at most ${mostBytes} bytes; send less at a time.`),
			caller.setCookies,
		);
	}
	const parsed = schema.safeParse(body.state === "read" ? body.value : undefined);
	if (!parsed.success) {
		const param = parsed.error.issues[0]?.path.join(".") ?? "";
		const refused = errorBody("invalid_request", "The vault does not take this. Load the page again, or update the program.", { param });
		return privateJson(refused, caller.setCookies, errorStatus.invalid_request);
	}
	const unproved = isSensitive ? await refuseUnproved(context, caller) : null;
	return withCookies(unproved ?? answered(await work(openVaultData(context.portal, caller), parsed.data), status), caller.setCookies);
}

/** `GET /api/vault`: keys, sealed, and the manifest. */
export function readVault(context: AccountsContext, request: Request): Promise<Response> {
	return answerFor(context, request, (data) => data.read());
}

/** `POST /api/vault`: makes the vault. */
export function createVault(context: AccountsContext, request: Request): Promise<Response> {
	return answerBody(context, request, { schema: createVaultSchema, status: 201 }, (data, body) => data.create(body));
}

/** `DELETE /api/vault`: throws the vault away, for who lost both passphrase and recovery key. */
export function removeVault(context: AccountsContext, request: Request): Promise<Response> {
	return answerBody(context, request, { schema: removeVaultSchema, isSensitive: true }, (data, { vaultId }) => data.remove(vaultId));
}

function wholeNumber(text: string | null): number | null {
	return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** `GET /api/vault/items?after=<change>`: newest versions that changed since. */
export function readItems(context: AccountsContext, request: Request, query: URLSearchParams): Promise<Response> {
	return answerFor(context, request, (data) => data.itemsAfter(wholeNumber(query.get("after")) ?? 0));
}

/** `GET /api/vault/items/<id>?before=<version>`: what an item was. */
export async function readHistory(context: AccountsContext, request: Request, itemId: string, query: URLSearchParams): Promise<Response> {
	if (!vaultIdSchema.safeParse(itemId).success) {
		return refusal("not_found", "There is no such item.");
	}
	return answerFor(context, request, (data) => data.history(itemId, wholeNumber(query.get("before"))));
}

/** `POST /api/vault/changes`: new versions of items with the manifest that covers them. */
export function writeChanges(context: AccountsContext, request: Request): Promise<Response> {
	const taken = { schema: vaultChangesSchema, mostBytes: largestVaultWriteBytes };
	return answerBody(context, request, taken, (data, body) => data.write(body));
}

/** `PUT /api/vault/keys`: the root key under a new passphrase and a new recovery key. */
export function replaceRootWraps(context: AccountsContext, request: Request): Promise<Response> {
	return answerBody(context, request, { schema: replaceRootWrapsSchema, isSensitive: true }, (data, body) => data.replaceRoot(body));
}

/** `POST /api/vault/epochs`: a new user key for the devices that stay. */
export function advanceEpoch(context: AccountsContext, request: Request): Promise<Response> {
	return answerBody(context, request, { schema: advanceEpochSchema }, (data, body) => data.advanceEpoch(body));
}

/** `POST /api/vault/devices`: lets a device in. */
export function addDevice(context: AccountsContext, request: Request): Promise<Response> {
	return answerBody(context, request, { schema: addVaultDeviceSchema, isSensitive: true }, (data, body) => data.addDevice(body));
}
