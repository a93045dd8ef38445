import { statusProber } from "../../../probe/status-prober.ts";

export const dynamic = "force-dynamic";

/** The current report; reading it asks nobody. */
export async function GET(): Promise<Response> {
	const prober = statusProber();
	await prober.catchUp();
	return Response.json(prober.report(), { headers: { "cache-control": "no-store" } });
}
