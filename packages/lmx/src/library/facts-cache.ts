import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { type GgufFacts, ggufFacts } from "./gguf/gguf-facts.ts";
import { readGgufHeader } from "./gguf/read-gguf-header.ts";
import { replaceFile } from "./replace-file.ts";

const factsSchema = z.object({
	name: z.string().nullable(),
	type: z.string().nullable(),
	architecture: z.string().nullable(),
	quantisation: z.string().nullable(),
	trainedContextTokens: z.number().nullable(),
	licence: z.string().nullable(),
	parameters: z.number(),
	tensorBytes: z.number(),
	isQuantised: z.boolean(),
	hasChatTemplate: z.boolean(),
	splitCount: z.number(),
}) satisfies z.ZodType<GgufFacts>;

const entrySchema = z.object({ bytes: z.number(), modifiedAtMs: z.number(), facts: factsSchema });

/** The facts of a file, or why it is no model, as the end of a sentence that begins with the file. */
export type FactsOfFile = { readonly ok: true; readonly facts: GgufFacts } | { readonly ok: false; readonly reason: string };

/** Reads the header of each GGUF file once: later, and after a restart, only size and time are looked at. */
export class FactsCache {
	readonly #file: string;
	#entries = new Map<string, z.infer<typeof entrySchema>>();
	#isLoaded = false;
	#isChanged = false;

	/** `file` is where the facts are kept between starts. */
	constructor(file: string) {
		this.#file = file;
	}

	async #load(): Promise<void> {
		this.#isLoaded = true;
		const text = await readFile(this.#file, "utf8").catch(() => "");
		const parsed = z.record(z.string(), entrySchema).safeParse(parseJson(text));
		if (parsed.success) {
			this.#entries = new Map(Object.entries(parsed.data));
		}
	}

	/** The facts of a file. */
	async read(file: string): Promise<FactsOfFile> {
		if (!this.#isLoaded) {
			await this.#load();
		}
		try {
			const { size, mtimeMs } = await stat(file);
			const known = this.#entries.get(file);
			if (known?.bytes === size && known.modifiedAtMs === mtimeMs) {
				return { ok: true, facts: known.facts };
			}
			const read = await readGgufHeader(file);
			if (!read.ok) {
				return read;
			}
			const facts = ggufFacts(read.header);
			this.#entries.set(file, { bytes: size, modifiedAtMs: mtimeMs, facts });
			this.#isChanged = true;
			return { ok: true, facts };
		} catch (error) {
			return { ok: false, reason: `cannot be read: ${error instanceof Error ? error.message : String(error)}` };
		}
	}

	/** Forgets files that are gone, and writes down what is new. */
	async keep(files: ReadonlySet<string>): Promise<void> {
		for (const file of [...this.#entries.keys()]) {
			if (!files.has(file)) {
				this.#entries.delete(file);
				this.#isChanged = true;
			}
		}
		if (this.#isChanged) {
			this.#isChanged = false;
			await replaceFile(this.#file, JSON.stringify(Object.fromEntries(this.#entries)));
		}
	}
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
