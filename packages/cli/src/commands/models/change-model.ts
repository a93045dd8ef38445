import { modelDeletedSchema, modelTransitionSchema } from "@opta/contracts/schema/lmx-admin-models";
import { openLmxAdmin, openLmxForModels } from "../../lmx/lmx-admin.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import { askLine } from "../../terminal/ask-line.ts";
import { formatBytes } from "../../terminal/format-quantity.ts";

/** A model of hundreds of gigabytes is read from disk in this time. */
const loadTimeoutMs = 15 * 60_000;

/** Loads a model and waits until it answers. */
export const runLoad: CommandRun = async ({ context, args, flags }) => {
	const { output } = context;
	const [model = ""] = args;
	const admin = await openLmxForModels(context);
	const [contextTokens, sequences] = [flags.number("context"), flags.number("sequences")];
	output.progress(`loading ${model} …`);
	const loaded = await admin.call({
		method: "POST",
		path: "/admin/models/load?wait=true",
		schema: modelTransitionSchema,
		body: { model, ...(contextTokens !== undefined && { contextTokens }), ...(sequences !== undefined && { sequences }) },
		timeoutMs: loadTimeoutMs,
	});
	output.progress(null);
	if (flags.isSet("json")) {
		output.json(loaded);
	} else {
		output.line(`${loaded.model} is ${loaded.state}.`);
	}
	return "ok";
};

/** Unloads a model. */
export const runUnload: CommandRun = async ({ context, args, flags }) => {
	const admin = await openLmxAdmin(context);
	const unloaded = await admin.call({
		method: "POST",
		path: "/admin/models/unload?wait=true",
		schema: modelTransitionSchema,
		body: { model: args[0] ?? "", mode: flags.isSet("now") ? "now" : "drain" },
		timeoutMs: loadTimeoutMs,
	});
	if (flags.isSet("json")) {
		context.output.json(unloaded);
	} else {
		context.output.line(`${unloaded.model} is ${unloaded.state}.`);
	}
	return "ok";
};

/** Deletes a model, after asking. */
export const runDelete: CommandRun = async ({ context, args, flags }) => {
	const { output, input, signal } = context;
	const [model = ""] = args;
	const admin = await openLmxAdmin(context);
	if (!flags.isSet("yes")) {
		if (!input.isTerminal) {
			throw new CommandFailure("denied", `${model} would be deleted from ${admin.baseUrl} for good. Say so with --yes.`);
		}
		const answer = await askLine(`Delete ${model} from ${admin.baseUrl} for good? [y/N] `, signal);
		if (!/^y(es)?$/i.test(answer.trim())) {
			throw new CommandFailure("denied", "Nothing was deleted.");
		}
	}
	const path = `/admin/models/${encodeURIComponent(model)}${flags.isSet("force") ? "?force=true" : ""}`;
	const deleted = await admin.call({ method: "DELETE", path, schema: modelDeletedSchema });
	if (flags.isSet("json")) {
		output.json(deleted);
	} else {
		output.line(`${deleted.model} is deleted; ${formatBytes(deleted.freedBytes)} are free again.`);
	}
	return "ok";
};
