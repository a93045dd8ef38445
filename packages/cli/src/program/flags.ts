/** Values of a command's options, by their long names in camel case. What commander has parsed is typed here once. */
export interface Flags {
	isSet(name: string): boolean;
	text(name: string): string | undefined;
	number(name: string): number | undefined;
	list(name: string): readonly string[];
}

/** Reads options from what commander gives. */
export function readFlags(values: Readonly<Record<string, unknown>>): Flags {
	return {
		isSet: (name) => values[name] === true,
		text(name) {
			const value = values[name];
			return typeof value === "string" ? value : undefined;
		},
		number(name) {
			const value = values[name];
			return typeof value === "number" ? value : undefined;
		},
		list(name) {
			const value = values[name];
			return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
		},
	};
}
