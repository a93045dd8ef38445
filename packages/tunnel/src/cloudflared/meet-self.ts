import { type Dispatcher, request } from "undici";
import { type SelfNonces, selfPath } from "./self-nonces.ts";

/** Calls the own public name: null when this very door answered, else what happened, without a full stop. */
export type MeetSelf = (publicUrl: string, signal: AbortSignal) => Promise<string | null>;

const timeoutMs = 10_000;

function describe(error: unknown): string {
	if (!(error instanceof Error)) {
		return String(error);
	}
	return error.name === "TimeoutError" ? `no answer within ${timeoutMs / 1000} s` : error.message;
}

/** Makes what calls the own public name, each time with a number that only this process knows; the door shares `nonces`. */
export function createMeetSelf(nonces: SelfNonces, dispatcher: Dispatcher): MeetSelf {
	return async (publicUrl, signal) => {
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
	};
}
