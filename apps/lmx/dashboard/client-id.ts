const key = "opta-client-id";

/** Names this tab to daemons: the same over reloads, where the browser keeps anything. */
export function clientId(): string {
	try {
		const kept = sessionStorage.getItem(key);
		if (kept !== null) {
			return kept;
		}
		const fresh = crypto.randomUUID();
		sessionStorage.setItem(key, fresh);
		return fresh;
	} catch {
		// A browser that keeps nothing gets a name for as long as the page is open.
		return crypto.randomUUID();
	}
}

/** What other clients of a session call this one. */
export function clientName(): string {
	return window.matchMedia("(pointer: coarse)").matches ? "phone" : "browser";
}
