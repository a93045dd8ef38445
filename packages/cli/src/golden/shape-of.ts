/** The shape of a JSON value: names and types, without what changes from run to run. A list has the shapes that are in it. */
export function shapeOf(value: unknown): unknown {
	if (Array.isArray(value)) {
		const shapes = new Map(value.map((item) => [JSON.stringify(shapeOf(item)), shapeOf(item)]));
		return [...shapes.values()];
	}
	if (typeof value === "object" && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOf(item)]));
	}
	return value === null ? "null" : typeof value;
}
