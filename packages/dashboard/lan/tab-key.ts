import type { HostKey } from "@opta/host-client/host-key";

/** What is known of the key. */
export interface TabKeyState {
	/** Null while there is none. */
	readonly key: string | null;
	/** True when the host did not accept the last key that was entered. */
	readonly refused: boolean;
}

/** The host's key as one tab of a browser keeps it: over a reload, and no longer than the tab. */
export interface TabKey extends HostKey {
	getState(): TabKeyState;
	subscribe(listener: () => void): () => void;
	/** Takes what a person entered. Returns what is wrong with it, null when it can be sent. */
	enter(text: string): string | null;
	forget(): void;
}

/** Where the key is kept: the session storage of a browser. */
export type KeyStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const storageKey = "opta-host-key";
const sendable = /^[\x21-\x7e]+$/;

/** `storage` may throw at any call, as `window.sessionStorage` does where cookies are blocked: the key then lives as long as the page. */
export function createTabKey(storage: () => KeyStorage): TabKey {
	const listeners = new Set<() => void>();
	const kept = attempt(() => storage().getItem(storageKey));
	let state: TabKeyState = { key: kept != null && sendable.test(kept) ? kept : null, refused: false };

	function change(next: TabKeyState): void {
		state = next;
		attempt(() => (next.key === null ? storage().removeItem(storageKey) : storage().setItem(storageKey, next.key)));
		for (const listener of listeners) {
			listener();
		}
	}

	return {
		getState: () => state,
		subscribe(listener) {
			listeners.add(listener);
			return () => {
				listeners.delete(listener);
			};
		},
		current: () => state.key,
		refused(key) {
			if (key === state.key) {
				change({ key: null, refused: true });
			}
		},
		enter(text) {
			const key = text.trim();
			if (!sendable.test(key)) {
				return key === "" ? "Enter the key." : "A key has letters, digits and signs of ASCII only, and no spaces.";
			}
			change({ key, refused: false });
			return null;
		},
		forget: () => change({ key: null, refused: false }),
	};
}

/** What the call returns; undefined when the browser refuses it. */
function attempt<T>(call: () => T): T | undefined {
	try {
		return call();
	} catch {
		return undefined;
	}
}
