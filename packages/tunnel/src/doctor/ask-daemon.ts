import { type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import { daemonHealthSchema } from "@opta/contracts/schema/daemon-status";
import { request } from "undici";
import { explainFailure } from "./explain-failure.ts";

/** Whether the daemon beside the host answers, and its build where it told. */
export interface AskedDaemon {
	readonly outcome: CheckOutcome;
	readonly build: string | null;
}

const start = "Start it on the host: opta daemon start";

/** Asks the daemon on loopback what everybody may ask. Never rejects. */
export async function askDaemon(origin: string, signal: AbortSignal): Promise<AskedDaemon> {
	try {
		const answer = await request(`${origin}/v3/health`, { signal });
		if (answer.statusCode !== 200) {
			await answer.body.dump();
			return { outcome: limited(`The daemon at ${origin} answered with ${answer.statusCode}.`, "opta daemon restart"), build: null };
		}
		const health = daemonHealthSchema.safeParse(await answer.body.json());
		return health.success
			? { outcome: fine(`The daemon at ${origin} answers, build ${health.data.build}.`), build: health.data.build }
			: { outcome: limited(`What answers at ${origin} is no daemon of Opta.`, start), build: null };
	} catch (error) {
		return { outcome: limited(`The daemon at ${origin} does not answer: ${explainFailure(error)}.`, start), build: null };
	}
}
