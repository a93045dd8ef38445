import { type AdminModel, adminModelListSchema } from "@opta/contracts/schema/lmx-admin-models";
import { openLmxAdmin } from "../../lmx/lmx-admin.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { formatBytes } from "../../terminal/format-quantity.ts";
import { tableLines } from "../../terminal/text-table.ts";

function rowOf(model: AdminModel): string[] {
	const context = model.loaded?.contextTokens ?? model.trainedContextTokens;
	return [
		model.id,
		model.state === "unloaded" ? "on disk" : model.state,
		formatBytes(model.fileBytes),
		model.quantisation ?? "",
		context === null ? "" : `${context} tokens`,
		model.isDefault ? "default" : "",
	];
}

/** Lists the host's models. */
export const runListModels: CommandRun = async ({ context, flags }) => {
	const { output } = context;
	const admin = await openLmxAdmin(context);
	const list = await admin.call({ path: "/admin/models", schema: adminModelListSchema });
	if (flags.isSet("json")) {
		output.json(list);
		return "ok";
	}
	if (list.models.length === 0) {
		output.note(`The host at ${admin.baseUrl} has no models yet. Download one: opta models pull <model>`);
	}
	for (const line of tableLines(list.models.map(rowOf))) {
		output.line(line);
	}
	for (const { name, reason } of list.problems) {
		output.note(`${name}: ${reason}`);
	}
	return "ok";
};
