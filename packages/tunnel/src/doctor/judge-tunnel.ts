import { randomUUID } from "node:crypto";
import { broken, type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import { request } from "undici";
import { explainFailure } from "./explain-failure.ts";

/** How the tunnel to this door stands, as far as its own process tells. */
export interface TunnelView {
	readonly state: "off" | "starting" | "connected" | "failed";
	/** Public address of the door; null where there is none, or none yet. */
	readonly publicUrl: string | null;
	/** Why it is not connected, in a sentence; null where it is. */
	readonly reason: string | null;
}

const restart = "Restart the host: npm run host. Its log has what cloudflared said.";

/** Goes out to the public address and in again: the door there must refuse a request without a pass, as this one does. */
async function goThrough(publicUrl: string, signal: AbortSignal): Promise<CheckOutcome> {
	const requestId = randomUUID();
	const startedAtMs = performance.now();
	try {
		const { statusCode, headers, body } = await request(new URL("/healthz", publicUrl), { headers: { "x-request-id": requestId }, signal });
		await body.dump();
		const latencyMs = Math.round(performance.now() - startedAtMs);
		if (statusCode === 401 && headers["x-request-id"] === requestId) {
			return fine(`The tunnel is connected: this host meets itself at ${publicUrl} in ${latencyMs} ms.`);
		}
		return statusCode >= 300 && statusCode < 400
			? limited(
					`A sign-in stands before ${publicUrl} (Cloudflare Access).`,
					"Let the service token of the sites through, and set accessAudience on the host.",
				)
			: broken(`Somebody else answers at ${publicUrl}, with ${statusCode}.`, `Point the tunnel at this door. ${restart}`);
	} catch (error) {
		return broken(`The tunnel says it is connected, but ${publicUrl} does not answer: ${explainFailure(error)}.`, restart);
	}
}

/** Whether the door can be reached from elsewhere. */
export async function judgeTunnel({ state, publicUrl, reason }: TunnelView, signal: AbortSignal): Promise<CheckOutcome> {
	if (state === "off") {
		return skipped("The tunnel is off: this host is reached on its own network only.");
	}
	if (state === "failed") {
		return broken(reason ?? "The tunnel is down.", restart);
	}
	if (state === "starting" || publicUrl === null) {
		return limited(reason ?? "The tunnel is being opened.", "Wait a moment, and look again.");
	}
	return goThrough(publicUrl, signal);
}
