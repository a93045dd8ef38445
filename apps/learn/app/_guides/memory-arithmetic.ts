/** The numbers of a model that its cache depends on; they stand in the header of the GGUF file. */
export interface AttentionShape {
	readonly layers: number;
	/** Heads that keep keys and values; fewer than the query heads where they are shared. */
	readonly keyValueHeads: number;
	readonly headDimension: number;
}

const bytesPerNumber = 2;

/** Bytes of cache for one token at 16 bits: a key and a value per layer and head. */
export function cacheBytesPerToken(shape: AttentionShape): number {
	return 2 * shape.layers * shape.keyValueHeads * shape.headDimension * bytesPerNumber;
}

/** Bytes in the unit a reader expects: KiB below one MiB, then MiB, then GiB. */
export function formatBytes(bytes: number): string {
	const units = ["bytes", "KiB", "MiB", "GiB"];
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	return `${value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`;
}
