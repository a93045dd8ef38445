import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const styles = readFileSync(new URL("./styles.css", import.meta.url), "utf8");

/** The palette as `styles.css` has it: name → [light, dark]. */
const palette = new Map(
	[...styles.matchAll(/--color-([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name = "", light = "", dark = ""]) => [
		name,
		[light, dark] as const,
	]),
);

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const channel = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
	const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (lighter + 0.05) / (darker + 0.05);
}

function colour(name: string, theme: 0 | 1): string {
	const pair = palette.get(name);
	if (pair === undefined) {
		throw new Error(`styles.css has no colour ${name}`);
	}
	return pair[theme];
}

describe.each([
	["light", 0],
	["dark", 1],
] as const)("the %s palette", (_, theme) => {
	it.each(["ink", "muted", "accent", "ok", "warn", "bad"])("keeps %s readable on every ground", (name) => {
		for (const ground of ["bg", "surface", "raised"]) {
			expect(contrast(colour(name, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(4.5);
		}
	});

	it("keeps text on the accent readable", () => {
		expect(contrast(colour("accent-ink", theme), colour("accent", theme))).toBeGreaterThanOrEqual(4.5);
	});

	it("keeps the edges of controls visible", () => {
		for (const ground of ["bg", "surface"]) {
			expect(contrast(colour("edge", theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(3);
		}
	});
});
