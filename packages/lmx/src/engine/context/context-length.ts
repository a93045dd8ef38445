/** Without a wish, a context is not longer than this: its cache is taken from memory at once. */
const defaultContextTokens = 8192;

/** The library rounds a context up to a multiple of this. */
const roundTokens = 256;

/** Length of the context that a model gets. `wanted`: null for what it was trained for, up to the default limit. */
export function contextLength(wanted: number | null, trainedTokens: number): number {
	const tokens = wanted ?? Math.min(trainedTokens, defaultContextTokens);
	return Math.ceil(tokens / roundTokens) * roundTokens;
}
