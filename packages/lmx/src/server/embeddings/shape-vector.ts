/** The first `dimensions` of a vector, brought back to length 1; the whole vector as it is when none are named. */
export function shortenVector(vector: readonly number[], dimensions: number | null): readonly number[] {
	if (dimensions === null || dimensions === vector.length) {
		return vector;
	}
	const kept = vector.slice(0, dimensions);
	const length = Math.hypot(...kept);
	return length === 0 ? kept : kept.map((value) => value / length);
}

/** Little-endian 32-bit floats in base64, as the OpenAI reference has it. */
export function vectorToBase64(vector: readonly number[]): string {
	const bytes = new DataView(new ArrayBuffer(vector.length * Float32Array.BYTES_PER_ELEMENT));
	for (const [index, value] of vector.entries()) {
		bytes.setFloat32(index * Float32Array.BYTES_PER_ELEMENT, value, true);
	}
	return Buffer.from(bytes.buffer).toString("base64");
}
