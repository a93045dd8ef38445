/** What a call of our own page came to: the answer, or words for the person. */
export type PageCall = { readonly ok: true; readonly body: unknown } | { readonly ok: false; readonly message: string };

const failed = "The account service cannot be reached. Try again in a moment.";

/** Sends JSON to a route of accounts from one of its own pages. */
export async function callAccounts(path: string, body: unknown): Promise<PageCall> {
	try {
		const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
		const answer: unknown = await response.json();
		if (response.ok) {
			return { ok: true, body: answer };
		}
		const error = (answer as { error?: { message?: unknown } }).error;
		return { ok: false, message: typeof error?.message === "string" ? error.message : failed };
	} catch {
		return { ok: false, message: failed };
	}
}
