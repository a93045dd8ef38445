import { siteOrigin } from "@opta/contracts/site-url";
import type { PinStore } from "@opta/vault/client/item-store";
import type { OpenVault } from "@opta/vault/client/open-vault";
import type { VaultHttp } from "@opta/vault/client/vault-http";
import { newId } from "@opta/vault/encoding/new-id";
import type { ItemContent } from "@opta/vault/items/item-content";
import type { VaultPin } from "@opta/vault/items/manifest";
import { answerPairing, comparePairing, letDeviceIn, readPairings, refusePairing } from "@opta/vault/pairing/let-device-in";
import { type PairedDevice, pairDevice } from "@opta/vault/pairing/pair-device";
import { decodeJwt } from "jose";
import { expect } from "vitest";
import { relay } from "../vault/relay-routes.ts";
import {
	addDevice,
	advanceEpoch,
	createVault,
	readHistory,
	readItems,
	readVault,
	removeVault,
	replaceRootWraps,
	writeChanges,
} from "../vault/vault-routes.ts";
import type { AccountsBench } from "./accounts-bench.ts";
import type { Visitor } from "./visitor.ts";

/** Calls a route of the vault as Next.js would. */
export async function callVaultRoute(
	{ context }: AccountsBench,
	method: string,
	target: string,
	headers: Record<string, string>,
	body: unknown,
): Promise<Response> {
	const { pathname, searchParams } = new URL(target, "http://localhost:3003");
	const text = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
	const request = new Request(`http://localhost:3003${target}`, { method, headers, ...text });
	const [, , , part, id] = pathname.split("/");
	switch (`${method} ${part ?? ""}`) {
		case "GET ":
			return readVault(context, request);
		case "POST ":
			return createVault(context, request);
		case "DELETE ":
			return removeVault(context, request);
		case "GET items":
			return id === undefined ? readItems(context, request, searchParams) : readHistory(context, request, id, searchParams);
		case "POST changes":
			return writeChanges(context, request);
		case "PUT keys":
			return replaceRootWraps(context, request);
		case "POST epochs":
			return advanceEpoch(context, request);
		case "POST devices":
			return addDevice(context, request);
		default:
			return relay(context, request, id ?? null);
	}
}

/** The vault's routes with these headers on every request. */
export function vaultHttp(bench: AccountsBench, headers: Record<string, string>): VaultHttp {
	return async (method, target, body) => {
		const response = await callVaultRoute(bench, method, target, headers, body);
		expect(response.headers.get("cache-control")).toBe("private, no-store");
		return { status: response.status, body: await response.json() };
	};
}

/** The vault's routes as a page of accounts calls them. */
export function vaultHttpOf(bench: AccountsBench, visitor: Visitor): VaultHttp {
	return vaultHttp(bench, { origin: siteOrigin(bench.context.configuration.addressing, "accounts"), cookie: visitor.cookieHeader });
}

/** What a machine remembers of a vault, in memory. */
export function newPins(): PinStore & { readonly kept: Map<string, VaultPin> } {
	const kept = new Map<string, VaultPin>();
	return {
		kept,
		read: async (userId) => kept.get(userId) ?? null,
		write: async (userId, pin) => {
			kept.set(userId, pin);
		},
	};
}

/** An API key. */
export function apiKey(name: string, value: string): ItemContent {
	return { summary: { kind: "api-key", name, username: "", url: "", isDeleted: false, conflictOf: null }, secret: { value, notes: "" } };
}

/** A signed-in device of somebody, as its sign-in leaves it. */
export interface SignedInDevice {
	readonly deviceId: string;
	readonly userId: string;
	readonly http: VaultHttp;
}

/** Signs a device in. */
export async function signInDevice(bench: AccountsBench, visitor: Visitor, name: string): Promise<SignedInDevice> {
	const { portal, deviceTokens } = bench.context;
	const { accessToken } = visitor.tokens;
	const hash = newId().replaceAll("-", "").repeat(2);
	const thumbprint = "t".repeat(43);
	const deviceId = newId();
	const both = { code_hash: hash, challenge: "c".repeat(43), key_thumbprint: thumbprint };
	const approved = await portal.call("approve_device_sign_in", { ...both, device_name: name, device_kind: "cli" }, accessToken);
	const made = await portal.call("redeem_device_sign_in", { ...both, new_device: deviceId, token_hash: hash, place: null, client: null });
	expect([approved.state, made]).toEqual(["ok", { state: "ok", data: "redeemed" }]);
	const userId = decodeJwt(accessToken).sub ?? "";
	const token = await deviceTokens.sign({ userId, deviceId, keyThumbprint: thumbprint });
	return { deviceId, userId, http: vaultHttp(bench, { authorization: `Bearer ${token.accessToken}` }) };
}

/** What people say on each side when the codes are compared, and the codes that they saw. */
export interface Comparison {
	readonly onDevice: boolean;
	readonly inBrowser: boolean;
	readonly codes?: string[];
}

/** Both halves of a pairing against each other. */
export async function pairWith(
	browserHttp: VaultHttp,
	vault: OpenVault,
	device: SignedInDevice,
	{ onDevice, inBrowser, codes = [] }: Comparison = { onDevice: true, inBrowser: true },
): Promise<PairedDevice> {
	let browser: Promise<void> | null = null;
	const compare = async (): Promise<void> => {
		const [pairing] = await readPairings(browserHttp);
		if (pairing === undefined) {
			throw new Error("No device asks.");
		}
		const answered = await answerPairing(browserHttp, device.userId, pairing);
		let compared = await comparePairing(browserHttp, answered);
		while (compared === null) {
			compared = await comparePairing(browserHttp, answered);
		}
		codes.push(compared.code);
		await (inBrowser ? letDeviceIn(browserHttp, vault, compared) : refusePairing(browserHttp, answered.place.pairingId));
	};
	const pairing = pairDevice({
		http: device.http,
		userId: device.userId,
		deviceId: device.deviceId,
		deviceName: "Ada's laptop",
		confirm: async (code) => {
			codes.push(code);
			return onDevice;
		},
		pause: async () => {
			browser ??= compare();
		},
	});
	const [onDeviceSide] = await Promise.allSettled([pairing]);
	// The browser's side ends with the device's: both with what happened to the pairing.
	await Promise.allSettled([browser]);
	if (onDeviceSide.status === "rejected") {
		throw onDeviceSide.reason;
	}
	return onDeviceSide.value;
}
