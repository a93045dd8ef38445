/** How long a copied secret stays on the clipboard. */
export const clipboardLifeMs = 30_000;

let clearing: (() => void) | null = null;

async function clear(): Promise<void> {
	try {
		await navigator.clipboard.writeText("");
	} catch {
		// A page in the background may not write: it is done when the reader comes back.
		addEventListener("focus", () => void clear(), { once: true });
	}
}

/**
 * Puts a secret on the clipboard and takes it off again after 30 seconds. False where this browser or this address gives
 * no clipboard (plain http, or the reader said no).
 */
export async function copySecret(text: string): Promise<boolean> {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		return false;
	}
	clearing?.();
	const timer = window.setTimeout(() => void clear(), clipboardLifeMs);
	clearing = () => clearTimeout(timer);
	return true;
}
