import { type DaemonHealth, daemonHealthSchema } from "@opta/contracts/schema/daemon-status";

/** What a daemon says of itself without a token; null where nothing answers as a daemon in time. */
export async function askHealth(baseUrl: string, timeoutMs: number): Promise<DaemonHealth | null> {
	try {
		const response = await fetch(`${baseUrl}/v3/health`, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
		const parsed = daemonHealthSchema.safeParse(await response.json());
		return parsed.success ? parsed.data : null;
	} catch {
		// Refused, cut off, too slow or no JSON: each means that no daemon answers here.
		return null;
	}
}

/** Asks a daemon to stop once its turns are over, at the latest after `drainMs`. False where it did not take that. */
export async function askShutdown(baseUrl: string, token: string, drainMs: number): Promise<boolean> {
	try {
		const response = await fetch(`${baseUrl}/v3/shutdown`, {
			method: "POST",
			headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
			body: JSON.stringify({ drainMs }),
			signal: AbortSignal.timeout(5000),
			redirect: "error",
		});
		await response.body?.cancel();
		return response.ok;
	} catch {
		// It went away before it answered, or hangs: the caller looks at its process.
		return false;
	}
}
