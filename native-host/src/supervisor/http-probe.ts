import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** An address that answers with a status under 400 once the process serves. */
export interface HttpProbe {
	readonly url: string;
	/** Sent as `Host`, for servers that answer by name. */
	readonly host?: string | undefined;
}

const intervalMs = 100;
const answerLimitMs = 5000;

/** Asks once; every failure is a no. */
export function probeOnce(probe: HttpProbe, signal: AbortSignal): Promise<boolean> {
	return new Promise((resolve) => {
		const request = get(
			probe.url,
			{
				agent: false,
				headers: probe.host === undefined ? {} : { host: probe.host },
				signal: AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]),
			},
			(response) => {
				response.resume();
				resolve((response.statusCode ?? 500) < 400);
			},
		);
		request.once("error", () => resolve(false));
	});
}

/** Asks again and again; settles with true at the first good answer, with false when the signal aborts. */
export async function probeUntilReady(probe: HttpProbe, signal: AbortSignal): Promise<boolean> {
	while (!signal.aborted) {
		if (await probeOnce(probe, signal)) {
			return true;
		}
		await delay(intervalMs, undefined, { signal }).catch(() => undefined);
	}
	return false;
}
