import type { ConfigTree } from "./config-file.ts";

function isTree(value: unknown): value is ConfigTree {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Lays one tree over another: objects are merged, anything else is replaced. */
export function mergeTrees(below: ConfigTree, above: ConfigTree): ConfigTree {
	const merged: Record<string, unknown> = { ...below };
	for (const [key, value] of Object.entries(above)) {
		const under = Object.hasOwn(merged, key) ? merged[key] : undefined;
		Object.defineProperty(merged, key, {
			value: isTree(under) && isTree(value) ? mergeTrees(under, value) : value,
			enumerable: true,
			configurable: true,
			writable: true,
		});
	}
	return merged;
}
