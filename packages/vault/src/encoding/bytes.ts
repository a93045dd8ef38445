/** Bytes that WebCrypto takes: never a view of memory that other threads write. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** One array after the other. */
export function concatBytes(...parts: readonly Bytes[]): Bytes {
	const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}

/** Compares in a time that depends on the lengths only. */
export function equalBytes(a: Bytes, b: Bytes): boolean {
	let difference = a.length ^ b.length;
	for (let index = 0; index < a.length; index += 1) {
		difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
	}
	return difference === 0;
}

/** Bytes from the platform's cryptographic generator. */
export function randomBytes(count: number): Bytes {
	return crypto.getRandomValues(new Uint8Array(count));
}
