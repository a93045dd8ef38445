import type { ListedItem, PastVersion } from "@opta/vault/client/read-items";
import type { ItemDraft, SaveOutcome } from "@opta/vault/client/write-items";
import type { ItemSecret } from "@opta/vault/items/item-content";
import type { VaultPin } from "@opta/vault/items/manifest";
import type { VaultErrorReason } from "@opta/vault/vault-error";

/** What the page shows of an open vault. */
export interface VaultView {
	readonly items: readonly ListedItem[];
	readonly removed: readonly ListedItem[];
	readonly devices: readonly { readonly deviceId: string; readonly deviceName: string }[];
}

/** A file that is offered for download. */
export interface ExportedFile {
	readonly name: string;
	readonly type: string;
	readonly text: string;
}

/** Ways to export: sealed under a passphrase of its own, or readable by anybody. */
export type ExportFormat = "sealed" | "json" | "csv";

/** A device that asks to be let in. */
export interface AskingDevice {
	readonly pairingId: string;
	readonly deviceName: string;
}

/** What the page asks of the worker, and what comes back. Secrets cross only where the reader asked to see or copy them. */
export interface VaultCalls {
	/** Whether there is a vault; nothing is opened. */
	look(input: null): { readonly exists: boolean };
	make(input: { readonly passphrase: string }): { readonly recoveryKey: string; readonly view: VaultView };
	unlock(input: { readonly way: "passphrase" | "recoveryKey"; readonly secret: string }): VaultView;
	refresh(input: null): VaultView;
	reveal(input: { readonly itemId: string }): ItemSecret;
	history(input: { readonly itemId: string }): readonly PastVersion[];
	save(input: ItemDraft): { readonly outcome: SaveOutcome; readonly view: VaultView };
	remove(input: { readonly itemId: string; readonly version: number }): { readonly removed: boolean; readonly view: VaultView };
	changePassphrase(input: { readonly passphrase: string }): { readonly recoveryKey: string };
	rekey(input: { readonly without: readonly string[] }): VaultView;
	export(input: { readonly format: ExportFormat; readonly passphrase: string }): ExportedFile;
	/** `passphrase` opens a sealed file; null asks whether one is needed. */
	import(input: {
		readonly text: string;
		readonly isCsv: boolean;
		readonly passphrase: string | null;
	}): { readonly state: "needsPassphrase" } | { readonly state: "imported"; readonly count: number; readonly view: VaultView };
	pairings(input: null): readonly AskingDevice[];
	answerPairing(input: { readonly pairingId: string }): null;
	/** The code to compare; null while the device has not shown its key. */
	pairingCode(input: { readonly pairingId: string }): string | null;
	letIn(input: { readonly pairingId: string }): VaultView;
	refusePairing(input: { readonly pairingId: string }): null;
	/** Throws away the vault on the server, opened or not. */
	destroy(input: null): null;
}

/** Name of a call. */
export type VaultCallName = keyof VaultCalls;
/** What a call takes. */
export type VaultInput<Name extends VaultCallName> = Parameters<VaultCalls[Name]>[0];
/** What a call answers. */
export type VaultOutput<Name extends VaultCallName> = ReturnType<VaultCalls[Name]>;

/** Why a call was not done, in words for people. */
export interface VaultFailure {
	readonly reason: VaultErrorReason | "signed_out" | "second_factor" | "unavailable" | "conflict" | "other";
	readonly message: string;
}

/** From the page to the worker. */
export type ToWorker =
	| { readonly type: "start"; readonly pin: VaultPin | null }
	| { readonly type: "call"; readonly id: number; readonly name: VaultCallName; readonly input: unknown };

/** From the worker to the page. */
export type FromWorker =
	| { readonly type: "answer"; readonly id: number; readonly output: unknown }
	| { readonly type: "failure"; readonly id: number; readonly failure: VaultFailure }
	/** The state of the vault that was seen last, to be remembered. */
	| { readonly type: "pin"; readonly pin: VaultPin };
