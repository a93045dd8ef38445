/** A body of JSON, or why there is none. */
export type JsonBody = { readonly state: "read"; readonly value: unknown } | { readonly state: "tooLarge" | "noJson" };

/**
 * Reads the body of a request or an answer as JSON and stops at a limit, whatever its `Content-Length` says.
 * @param mostBytes the limit
 */
export async function readJsonBody({ body }: Pick<Request, "body">, mostBytes: number): Promise<JsonBody> {
	const decoder = new TextDecoder("utf-8", { fatal: true });
	let text = "";
	let sizeBytes = 0;
	try {
		for await (const chunk of body ?? []) {
			sizeBytes += chunk.length;
			if (sizeBytes > mostBytes) {
				return { state: "tooLarge" };
			}
			text += decoder.decode(chunk, { stream: true });
		}
		return { state: "read", value: JSON.parse(text + decoder.decode()) };
	} catch {
		return { state: "noJson" };
	}
}
