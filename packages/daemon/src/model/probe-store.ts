import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { type ModelProbe, modelProbeSchema } from "@opta/contracts/schema/daemon-status";
import { parseJson } from "@opta/host-client/host-error";
import { z } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import { isMissing } from "../sessions/is-missing.ts";

/** Measurements of models, kept between starts. */
export interface ProbeStore {
	readonly find: (address: string, model: string) => Promise<ModelProbe | null>;
	readonly keep: (address: string, model: string, probe: ModelProbe) => Promise<void>;
}

const fileSchema = z.object({ version: z.literal(1), models: z.record(z.string(), modelProbeSchema) });
const mostModels = 200;

/** Opens `models.json` in this folder. What cannot be read is measured anew, what cannot be written is kept until the daemon ends; both are told. */
export function openProbeStore(folder: string, onProblem: (message: string) => void): ProbeStore {
	const file = path.join(folder, "models.json");
	let loaded: Promise<Map<string, ModelProbe>> | null = null;
	let writing: Promise<void> = Promise.resolve();

	async function load(): Promise<Map<string, ModelProbe>> {
		const text = await readFile(file, "utf8").catch((error: unknown) => {
			if (!isMissing(error)) {
				onProblem(`The measurements of models in ${file} cannot be read: ${String(error)}`);
			}
			return "null";
		});
		const parsed = fileSchema.safeParse(parseJson(text));
		return new Map(Object.entries(parsed.data?.models ?? {}));
	}

	async function write(text: string): Promise<void> {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		await replaceFile(file, text);
	}

	const keyOf = (address: string, model: string): string => `${address} ${model}`;
	const all = (): Promise<Map<string, ModelProbe>> => {
		loaded ??= load();
		return loaded;
	};

	return {
		find: async (address, model) => (await all()).get(keyOf(address, model)) ?? null,
		async keep(address, model, probe) {
			const models = await all();
			models.delete(keyOf(address, model));
			models.set(keyOf(address, model), probe);
			for (const key of [...models.keys()].slice(0, Math.max(0, models.size - mostModels))) {
				models.delete(key);
			}
			const text = JSON.stringify({ version: 1, models: Object.fromEntries(models) }, null, "\t");
			writing = writing
				.then(() => write(text))
				.catch((error: unknown) => onProblem(`The measurement of ${model} cannot be kept: ${String(error)}`));
			await writing;
		},
	};
}
