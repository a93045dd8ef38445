import { type Dispatcher, request } from "undici";
import { type SelfNonces, selfPath } from "./self-nonces.ts";

const timeoutMs = 10_000;

function describe(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	return error.name === "TimeoutError" ? `no answer within ${timeoutMs / 1000} s` : error.message;
}

/**
 * Calls the own public name with a number that only this process knows. Null when this very door answered; else what
 * happened, without a full stop.
 */
export async function meetSelf(
	publicUrl: string,
	nonces: SelfNonces,
	{ signal, dispatcher }: { readonly signal: AbortSignal; readonly dispatcher: Dispatcher },
): Promise<string | null> {
	try {
		const { statusCode, body } = await request(new URL(selfPath, publicUrl), {
			dispatcher,
			headers: { authorization: `Bearer ${nonces.issue()}` },
			signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
		});
		await body.dump();
		return statusCode === 204 ? null : `it answered with ${statusCode}`;
	} catch (error) {
		return describe(error);
	}
}
