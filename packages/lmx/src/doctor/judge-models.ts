import { broken, type CheckOutcome, fine, limited } from "@opta/contracts/doctor-check";
import { readiness, type ServerState } from "../server/server-state.ts";
import { bestLoaded } from "../serving/model-provider.ts";
import { probeModel } from "./probe-model.ts";

/** Whether a request without a model's name would be answered. */
export async function judgeModels(state: ServerState, requestId: string, signal: AbortSignal): Promise<CheckOutcome> {
	const health = readiness(state);
	const { reason = "" } = health;
	if (health.status === "starting") {
		return limited(reason, "Wait until it is loaded; opta models list shows how far it is.");
	}
	if (health.status === "unhealthy") {
		return broken(reason, "Load another model, or this one again: opta models load <model>");
	}
	const best = bestLoaded(state.pool.residents());
	return best === undefined
		? fine(`No model is loaded; the next request loads ${state.defaultModel()}.`)
		: probeModel(best, requestId, signal);
}
