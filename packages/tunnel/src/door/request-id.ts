import { randomUUIDv7 } from "node:crypto";

/** Keeps the id that a site gave to a request (a UUID), else makes one, so that one id names it from browser to model. */
export function requestIdFrom(values: readonly string[] | undefined): string {
	const [value, ...more] = values ?? [];
	const given = more.length === 0 ? value : undefined;
	return given !== undefined && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(given) ? given : randomUUIDv7();
}
