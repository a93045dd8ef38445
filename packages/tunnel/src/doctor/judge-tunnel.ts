import { broken, type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import type { MeetSelf } from "../cloudflared/meet-self.ts";

const restart = "Restart the host: npm run host. Its log has what cloudflared said.";

/**
 * Whether the door can be reached from elsewhere, tried now by going out to the public address and in again. The view is
 * null where the tunnel is off, `meetSelf` where something stands before the door that lets only its own people through.
 */
export async function judgeTunnel(view: TunnelView | null, meetSelf: MeetSelf | null, signal: AbortSignal): Promise<CheckOutcome> {
	if (view === null) {
		return skipped("The tunnel is off: this host is reached on its own network only.");
	}
	const { state, publicUrl, reason } = view;
	if (state === "missing") {
		return broken(reason ?? "cloudflared is not on this host.", "Install cloudflared on the host; it is looked for again by itself.");
	}
	if (state === "reconnecting") {
		return broken(reason ?? "The tunnel is cut.", `It is opened again by itself. If that does not help: ${restart}`);
	}
	if (state === "starting" || publicUrl === null) {
		return limited(reason ?? "The tunnel is being opened.", "Wait a moment, and look again.");
	}
	if (meetSelf === null) {
		return fine(`The tunnel is connected at ${publicUrl}; Cloudflare Access stands before it.`);
	}
	const startedAtMs = performance.now();
	const problem = await meetSelf(publicUrl, signal);
	return problem === null
		? fine(`This host meets itself at ${publicUrl} in ${Math.round(performance.now() - startedAtMs)} ms.`)
		: broken(
				`cloudflared says it is connected, but ${publicUrl} does not lead here: ${problem}.`,
				`Point the tunnel at this door. ${restart}`,
			);
}
