import { readFile, rename } from "node:fs/promises";
import { type Preset, type PresetBody, presetSchema } from "@opta/contracts/schema/lmx-presets";
import { z } from "zod";
import { replaceFile } from "../library/replace-file.ts";

const fileSchema = z.object({ presets: z.array(presetSchema) });

/** More than anybody can tell apart; the file and the lists stay small. */
const maxPresets = 500;

/** Why a change was not made. The old presets stay. */
export type PresetProblem = "too_many" | { readonly writeFailed: string };

function isMissing(error: unknown): boolean {
	return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The presets of this server, in one file that is replaced in one move. Names are found in any case of letters. */
export class PresetStore {
	readonly #file: string;
	#presets: ReadonlyMap<string, Preset>;
	/** Changes are made one after the other. */
	#lastChange: Promise<unknown> = Promise.resolve();

	private constructor(file: string, presets: readonly Preset[]) {
		this.#file = file;
		this.#presets = new Map(presets.map((preset) => [preset.name.toLowerCase(), preset]));
	}

	/** Reads the file. One that cannot be understood is moved aside, never overwritten, and `problem` says so in one sentence. */
	static async open(file: string): Promise<{ store: PresetStore; problem: string | null }> {
		try {
			const { presets } = fileSchema.parse(JSON.parse(await readFile(file, "utf8")));
			return { store: new PresetStore(file, presets), problem: null };
		} catch (error) {
			if (isMissing(error)) {
				return { store: new PresetStore(file, []), problem: null };
			}
			const aside = `${file}.damaged-${Date.now()}`;
			await rename(file, aside);
			const problem = `The presets could not be read and were moved to ${aside}: ${describe(error)}`;
			return { store: new PresetStore(file, []), problem };
		}
	}

	/** All presets, by name. */
	list(): Preset[] {
		return [...this.#presets.values()].toSorted((a, b) => a.name.localeCompare(b.name));
	}

	find(name: string): Preset | undefined {
		return this.#presets.get(name.toLowerCase());
	}

	/** Adds a preset or replaces it; null when it is on disk. */
	put(name: string, body: PresetBody): Promise<PresetProblem | null> {
		return this.#change((presets) => {
			presets.set(name.toLowerCase(), { ...body, name, updatedAt: new Date().toISOString() });
		});
	}

	/** Removes a preset, if there is one; null when that is on disk. */
	remove(name: string): Promise<PresetProblem | null> {
		return this.#change((presets) => {
			presets.delete(name.toLowerCase());
		});
	}

	#change(apply: (presets: Map<string, Preset>) => void): Promise<PresetProblem | null> {
		const change = this.#lastChange.then(async (): Promise<PresetProblem | null> => {
			const next = new Map(this.#presets);
			apply(next);
			if (next.size > maxPresets) {
				return "too_many";
			}
			try {
				await replaceFile(this.#file, `${JSON.stringify({ presets: [...next.values()] }, null, "\t")}\n`);
			} catch (error) {
				return { writeFailed: describe(error) };
			}
			this.#presets = next;
			return null;
		});
		this.#lastChange = change;
		return change;
	}
}
