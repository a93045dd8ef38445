import { cloudflaredQuickTunnelSchema, cloudflaredReadySchema } from "@opta/contracts/schema/cloudflared";
import { type Dispatcher, request } from "undici";
import { isQuickTunnelName } from "./quick-tunnel-name.ts";

/** How cloudflared says it is. */
export interface CloudflaredMetrics {
	/** Connections to Cloudflare's network that carry requests. */
	readonly readyConnections: number;
	/** Name of the quick tunnel; null where it has none. */
	readonly quickName: string | null;
}

const timeoutMs = 3000;

async function ask(port: number, path: string, signal: AbortSignal, dispatcher: Dispatcher): Promise<unknown> {
	const answer = await request(`http://127.0.0.1:${port}${path}`, {
		dispatcher,
		signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
	});
	const isJson = answer.statusCode === 200 || answer.statusCode === 503;
	if (!isJson) {
		await answer.body.dump();
		return null;
	}
	return answer.body.json();
}

/** Asks cloudflared's metrics port; rejects where it does not answer within three seconds. `/ready` answers 503 while there is no connection. */
export async function askMetrics(port: number, signal: AbortSignal, dispatcher: Dispatcher): Promise<CloudflaredMetrics> {
	const { readyConnections } = cloudflaredReadySchema.parse(await ask(port, "/ready", signal, dispatcher));
	const quick = cloudflaredQuickTunnelSchema.safeParse(await ask(port, "/quicktunnel", signal, dispatcher));
	const name = quick.success ? quick.data.hostname : "";
	return { readyConnections, quickName: isQuickTunnelName(name) ? name : null };
}
