import { broken, type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import { type DoctorCheck, doctorReportSchema } from "@opta/contracts/schema/doctor";
import { request } from "undici";
import { explainFailure } from "./explain-failure.ts";

/** How LMX answers, and what it tells of itself. */
export interface AskedLmx {
	readonly outcome: CheckOutcome;
	readonly build: string | null;
	readonly checks: readonly DoctorCheck[];
}

/** An answer on loopback that takes longer tells of a machine that is short of memory or processor. */
const slowMs = 500;
const restart = "Restart the host: npm run host. Its log says why LMX ended.";

/** Measures the way to LMX with a request that needs no work, and has LMX look at itself meanwhile. Never rejects. */
export async function askLmx(origin: string, signal: AbortSignal): Promise<AskedLmx> {
	const nothing = { build: null, checks: [] };
	try {
		const examining = request(`${origin}/admin/doctor`, { signal });
		const startedAtMs = performance.now();
		const [health, answer] = await Promise.all([
			request(`${origin}/healthz`, { signal }).then(async ({ statusCode, body }) => {
				await body.dump();
				return { statusCode, latencyMs: Math.round(performance.now() - startedAtMs) };
			}),
			examining,
		]);
		if (health.statusCode !== 200 || answer.statusCode !== 200) {
			await answer.body.dump();
			const status = health.statusCode === 200 ? answer.statusCode : health.statusCode;
			return { ...nothing, outcome: broken(`LMX at ${origin} answered with ${status}.`, restart) };
		}
		const report = doctorReportSchema.safeParse(await answer.body.json());
		if (!report.success) {
			return { ...nothing, outcome: broken(`What LMX at ${origin} tells of itself cannot be read.`, "Update the host, and restart it.") };
		}
		const { latencyMs } = health;
		const outcome =
			latencyMs > slowMs
				? limited(`LMX answers the door after ${latencyMs} ms.`, "The host is short of processor or memory: close other programs there.")
				: fine(`LMX answers the door in ${latencyMs} ms.`);
		return { outcome, build: report.data.build, checks: report.data.checks };
	} catch (error) {
		return { ...nothing, outcome: broken(`LMX at ${origin} does not answer the door: ${explainFailure(error)}.`, restart) };
	}
}
