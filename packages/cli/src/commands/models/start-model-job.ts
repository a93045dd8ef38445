import { benchJobSchema, downloadJobSchema, type Job, quantizeJobSchema } from "@opta/contracts/schema/lmx-jobs";
import type { z } from "zod";
import { followJob } from "../../lmx/follow-job.ts";
import { openLmxForModels } from "../../lmx/lmx-admin.ts";
import { CommandFailure } from "../../program/command-failure.ts";
import type { CommandCall, CommandRun, ExitName } from "../../program/command-spec.ts";
import { formatBytes } from "../../terminal/format-quantity.ts";
import { tableLines } from "../../terminal/text-table.ts";

interface JobKind<J extends Job> {
	readonly path: string;
	readonly schema: z.ZodType<J>;
	readonly body: Readonly<Record<string, unknown>>;
	/** What people read when it is done. */
	readonly describe: (job: J) => readonly string[];
}

async function runJob<J extends Job>({ context, flags }: CommandCall, kind: JobKind<J>): Promise<ExitName> {
	const { output } = context;
	const admin = await openLmxForModels(context);
	const { path, schema, body, describe } = kind;
	const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
	const started = await admin.call({ method: "POST", path, schema, body: given });
	if (flags.isSet("detach")) {
		if (flags.isSet("json")) {
			output.json(started);
		} else {
			output.line(`${started.id}  ${started.model}: begun at the host. Look: opta models jobs`);
		}
		return "ok";
	}
	const job = await followJob(context, admin, started, { path, schema });
	if (flags.isSet("json")) {
		output.json(job);
	} else {
		describe(job).forEach(output.line);
	}
	return "ok";
}

/** Downloads a model to the host. */
export const runPull: CommandRun = (call) =>
	runJob(call, {
		path: "/admin/downloads",
		schema: downloadJobSchema,
		body: {
			model: call.args[0],
			id: call.flags.text("id"),
			revision: call.flags.text("revision"),
			sha256: call.flags.text("sha256"),
		},
		describe: ({ result, model }) => [
			`${result?.modelId ?? model}: ${formatBytes(result?.fileBytes ?? 0)}, ${result?.verified ? "checksum verified" : "nobody published a checksum: unverified"}`,
		],
	});

/** Makes a smaller model. */
export const runQuantize: CommandRun = (call) =>
	runJob(call, {
		path: "/admin/quantize",
		schema: quantizeJobSchema,
		body: {
			model: call.args[0],
			type: call.args[1],
			id: call.flags.text("id"),
			threads: call.flags.number("threads"),
			allowRequantize: call.flags.isSet("allowRequantize") || undefined,
		},
		describe: ({ result }) =>
			result === null
				? []
				: [
						`${result.modelId}: ${formatBytes(result.sourceBytes)} → ${formatBytes(result.fileBytes)}`,
						`perplexity ${result.sourcePerplexity.toFixed(2)} → ${result.perplexity.toFixed(2)} on ${result.perplexityTokens} tokens`,
					],
	});

function batchSizes(texts: readonly string[]): number[] | undefined {
	const sizes = texts.map(Number);
	if (sizes.some((size) => !Number.isInteger(size) || size < 1)) {
		throw new CommandFailure("usage", "--batch-size must be a whole number from 1.");
	}
	return sizes.length === 0 ? undefined : sizes;
}

/** Measures a model's speed. */
export const runBench: CommandRun = (call) =>
	runJob(call, {
		path: "/admin/bench",
		schema: benchJobSchema,
		body: {
			model: call.args[0] ?? "auto",
			promptTokens: call.flags.number("promptTokens"),
			generatedTokens: call.flags.number("generatedTokens"),
			batchSizes: batchSizes(call.flags.list("batchSize")),
		},
		describe: ({ result, model }) => [
			`${result?.modelId ?? model} ${result?.quantisation ?? ""}, context ${result?.contextTokens ?? "?"}`,
			...tableLines([
				["answers", "reads tokens/s", "writes tokens/s each", "all together", "first token"],
				...(result?.points ?? []).map((point) => [
					String(point.batchSize),
					point.promptTokensPerSecondTotal.toFixed(1),
					point.generatedTokensPerSecond.toFixed(1),
					point.generatedTokensPerSecondTotal.toFixed(1),
					`${Math.round(point.firstTokenMs)} ms`,
				]),
			]),
		],
	});
