/**
 * Probabilities at another temperature than 1: each is raised to the power 1/T, then all are scaled to sum 1.
 * At 0 the likeliest takes everything.
 */
export function applyTemperature(probabilities: readonly number[], temperature: number): readonly number[] {
	const highest = Math.max(...probabilities);
	if (temperature <= 0) {
		return probabilities.map((probability) => (probability === highest ? 1 : 0));
	}
	const weights = probabilities.map((probability) => (probability / highest) ** (1 / temperature));
	const sum = weights.reduce((total, weight) => total + weight, 0);
	return weights.map((weight) => weight / sum);
}
