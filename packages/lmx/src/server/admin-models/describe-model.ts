import type { AdminModel, ModelEstimate } from "@opta/contracts/schema/lmx-admin-models";
import type { InstalledModel } from "../../library/installed-model.ts";
import type { MemoryPrediction } from "../../memory/predict-memory.ts";
import type { ModelPool } from "../../serving/model-pool.ts";
import { describeMemory, describeResident } from "../describe-loaded.ts";
import { stateOf } from "../server-state.ts";

/** One entry of `GET /admin/models`. */
export function describeModel(
	model: InstalledModel,
	pool: ModelPool,
	{ isDefault, predictedBytes }: { readonly isDefault: boolean; readonly predictedBytes: number | null },
): AdminModel {
	const resident = pool.find(model.id);
	return {
		id: model.id,
		title: model.title,
		format: model.format,
		source: model.source,
		origin: model.origin,
		fileBytes: model.fileBytes,
		quantisation: model.quantisation,
		architecture: model.architecture,
		parameters: model.parameters,
		trainedContextTokens: model.trainedContextTokens,
		licence: model.licence,
		sha256: model.sha256,
		modifiedAt: model.modifiedAt.toISOString(),
		state: stateOf(pool, model.id),
		isDefault,
		isDeletable: model.source === "installed",
		loaded: resident === undefined ? null : describeResident(resident),
		predictedBytes,
	};
}

/** What `POST /admin/models/estimate` answers. */
export function describeEstimate(modelId: string, prediction: MemoryPrediction, pool: ModelPool): ModelEstimate {
	const plan = pool.plan(prediction.countedBytes);
	const { availableBytes, evictableBytes } = pool.room();
	const models = plan.kind === "fits" ? plan.evict : plan.kind === "wait" ? plan.forModels : [];
	return {
		model: modelId,
		memory: describeMemory(prediction, null),
		capacityBytes: pool.capacityBytes,
		availableBytes,
		evictableBytes,
		outcome: plan.kind === "fits" && models.length > 0 ? "evicts" : plan.kind,
		models: [...models],
	};
}
