/**
 * The SVG path of a line through the values, oldest at the left, the newest at the right edge. Zero lies on the
 * bottom; the largest value, or `leastTop` if that is more, on the top.
 *
 * @param slots how many values fill the whole width; fewer begin further right.
 */
export function sparklinePath(
	values: readonly number[],
	{ width, height, slots, leastTop = 1 }: { width: number; height: number; slots: number; leastTop?: number },
): string {
	const top = Math.max(leastTop, ...values);
	const shown = values.slice(-slots);
	const step = width / Math.max(1, slots - 1);
	const startX = width - step * (shown.length - 1);
	return shown
		.map(
			(value, index) => `${index === 0 ? "M" : "L"}${round(startX + index * step)} ${round(height - (Math.max(0, value) / top) * height)}`,
		)
		.join("");
}

function round(value: number): number {
	return Math.round(value * 100) / 100;
}
