import type { VaultPin } from "@opta/vault/items/manifest";
import type { FromWorker, ToWorker, VaultCallName, VaultFailure, VaultInput, VaultOutput } from "./worker-protocol.ts";

/** What a call came to. */
export type VaultResult<Name extends VaultCallName> =
	| { readonly ok: true; readonly value: VaultOutput<Name> }
	| { readonly ok: false; readonly failure: VaultFailure };

/** The worker that holds the keys. */
export interface VaultConnection {
	call<Name extends VaultCallName>(name: Name, input: VaultInput<Name>): Promise<VaultResult<Name>>;
	/** Ends the worker: keys and opened texts are gone with its memory. Calls that are under way fail. */
	end(): void;
}

type Settle = (result: { readonly ok: boolean; readonly value?: unknown; readonly failure?: VaultFailure }) => void;

const pinKey = (userId: string): string => `opta.vault.seen.${userId}`;

function isPin(value: unknown): value is VaultPin {
	return typeof value === "object" && value !== null && "vaultId" in value && "epoch" in value && "counter" in value;
}

function readPin(userId: string): VaultPin | null {
	try {
		const pin: unknown = JSON.parse(localStorage.getItem(pinKey(userId)) ?? "null");
		return isPin(pin) ? pin : null;
	} catch {
		return null;
	}
}

/** Forgets what was last seen here, for a vault that was thrown away. */
export function forgetPin(userId: string): void {
	localStorage.removeItem(pinKey(userId));
}

const ended: VaultFailure = { reason: "other", message: "The vault was locked meanwhile." };

/** Starts a worker for a person's vault. */
export function connectVault(userId: string): VaultConnection {
	const worker = new Worker(new URL("./vault-worker.ts", import.meta.url), { type: "module", name: "vault" });
	const waiting = new Map<number, Settle>();
	let calls = 0;
	const failAll = (failure: VaultFailure): void => {
		for (const settle of waiting.values()) {
			settle({ ok: false, failure });
		}
		waiting.clear();
	};
	const send = (message: ToWorker): void => worker.postMessage(message);
	worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
		if (data.type === "pin") {
			localStorage.setItem(pinKey(userId), JSON.stringify(data.pin));
			return;
		}
		waiting.get(data.id)?.(data.type === "answer" ? { ok: true, value: data.output } : { ok: false, failure: data.failure });
		waiting.delete(data.id);
	});
	worker.addEventListener("error", () => {
		failAll({ reason: "other", message: "The vault's worker could not run in this browser. Update the browser, or try another one." });
	});
	send({ type: "start", pin: readPin(userId) });
	return {
		call<Name extends VaultCallName>(name: Name, input: VaultInput<Name>): Promise<VaultResult<Name>> {
			calls += 1;
			const id = calls;
			return new Promise((resolve) => {
				waiting.set(id, resolve as Settle);
				send({ type: "call", id, name, input });
			});
		},
		end() {
			worker.terminate();
			failAll(ended);
		},
	};
}
