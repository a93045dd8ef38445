/** What was found out about one layer. */
export interface Finding {
	readonly layer: string;
	readonly state: "ok" | "warning" | "broken";
	readonly message: string;
	/** What to do; null where nothing is wrong. */
	readonly fix: string | null;
}

/** Nothing is wrong. */
export function fine(layer: string, message: string): Finding {
	return { layer, state: "ok", message, fix: null };
}

/** Works, with less. */
export function limited(layer: string, message: string, fix: string): Finding {
	return { layer, state: "warning", message, fix };
}

/** Does not work. */
export function broken(layer: string, message: string, fix: string): Finding {
	return { layer, state: "broken", message, fix };
}
