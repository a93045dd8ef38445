import type { PinStore } from "@opta/vault/client/item-store";
import { openVaultRoutes, type VaultHttp, VaultServerError } from "@opta/vault/client/vault-http";
import type { VaultPin } from "@opta/vault/items/manifest";
import { VaultError } from "@opta/vault/vault-error";
import { z } from "zod";
import { openVaultHandlers } from "./vault-calls.ts";
import type { FromWorker, ToWorker, VaultCallName, VaultFailure } from "./worker-protocol.ts";

// zod would otherwise try `eval` once, which the policy refuses and reports.
z.config({ jitless: true });

const http: VaultHttp = async (method, path, body) => {
	const sent = body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
	const response = await fetch(path, { method, cache: "no-store", credentials: "same-origin", ...sent });
	return { status: response.status, body: await response.json() };
};

function post(message: FromWorker): void {
	postMessage(message);
}

let pin: VaultPin | null = null;
const pins: PinStore = {
	read: async () => pin,
	write: async (_userId, seen) => {
		pin = seen;
		post({ type: "pin", pin: seen });
	},
};

const handlers = openVaultHandlers({ routes: openVaultRoutes(http), pins }, http);

function failureOf(error: unknown): VaultFailure {
	if (error instanceof VaultError) {
		return { reason: error.reason, message: error.message };
	}
	if (error instanceof VaultServerError) {
		if (error.reason === "second_factor") {
			return { reason: "second_factor", message: error.message };
		}
		const isSignedOut = error.code === "unauthenticated" || error.code === "session_expired";
		const known = error.code === "unavailable" || error.code === "conflict" ? error.code : "other";
		return { reason: isSignedOut ? "signed_out" : known, message: error.message };
	}
	console.error("The vault's worker failed.", error);
	return { reason: "other", message: "The vault could not do this. Load the page again; nothing was lost on the server." };
}

async function answer(id: number, name: VaultCallName, input: unknown): Promise<void> {
	try {
		const handler = handlers[name] as (input: unknown) => Promise<unknown>;
		post({ type: "answer", id, output: await handler(input) });
	} catch (error) {
		post({ type: "failure", id, failure: failureOf(error) });
	}
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
	if (data.type === "start") {
		pin = data.pin;
		return;
	}
	void answer(data.id, data.name, data.input);
});
