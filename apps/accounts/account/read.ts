/** What was read, or why not: the back end no longer knows the session, or does not answer. */
export type Read<T> = { readonly state: "ok"; readonly value: T } | { readonly state: "sessionEnded" } | { readonly state: "unavailable" };

/** What PostgREST answers. */
export interface DataAnswer {
	readonly data: unknown;
	readonly error: unknown;
	readonly status: number;
}

/** Why an answer holds nothing; null when it does. */
export function readFailure({ error, status }: DataAnswer): { state: "sessionEnded" } | { state: "unavailable" } | null {
	if (status === 401 || status === 403) {
		return { state: "sessionEnded" };
	}
	return error === null ? null : { state: "unavailable" };
}
