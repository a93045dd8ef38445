/** What the data layer found, or one sentence on why it could not look. */
export type DataResult<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

/** The database did not answer; the reason stays in the server's log. */
export function databaseFailure(what: string, reason: string): { readonly ok: false; readonly message: string } {
	console.error(`admin: ${what} could not be read: ${reason}`);
	return { ok: false, message: "The database did not answer. Opta Status shows whether Supabase is up; then load this page again." };
}
