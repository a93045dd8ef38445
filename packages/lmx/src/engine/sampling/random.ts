/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Marsaglia's xorshift128, seeded through splitmix32: the same seed gives the same answer on every machine. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x9e3779b9) >>> 0;
		let mixed = state ^ (state >>> 16);
		mixed = Math.imul(mixed, 0x21f0aaad);
		mixed ^= mixed >>> 15;
		mixed = Math.imul(mixed, 0x735a2d97);
		return (mixed ^ (mixed >>> 15)) >>> 0;
	};
	let [x, y, z, w] = [next(), next(), next(), next() | 1];
	return () => {
		const t = x ^ (x << 11);
		[x, y, z] = [y, z, w];
		w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
		return w / 0x1_0000_0000;
	};
}
