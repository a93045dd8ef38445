import { mkdirSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "pino";
import { v7 as uuid } from "uuid";
import type { EventBus } from "../events/event-bus.ts";
import type { Answer } from "../serving/backend.ts";
import { catalogue } from "./catalogue.ts";
import { FactsCache } from "./facts-cache.ts";
import type { ModelProblem } from "./find-candidates.ts";
import type { InstalledModel, ModelLibrary } from "./installed-model.ts";
import { type ScannedModels, scanModels } from "./scan-models.ts";
import { rememberDigests, type VerifyOptions, verifyFiles } from "./verify-files.ts";
import { watchFolder } from "./watch-folder.ts";

/** What a library is made of. */
export interface LibraryParts {
	readonly modelDir: string;
	/** LMX's own part of the state folder. */
	readonly stateDir: string;
	/** Models named by their path; null for none. */
	readonly modelFile: string | null;
	readonly events: EventBus;
	readonly logger: Logger;
}

/** Of folders that were taken out of the library and are being deleted. */
const removedPrefix = "removed-";

/** As many names as a message can hold; `GET /v1/models` has all. */
const maxNamesTold = 20;

function describeNames(names: readonly string[]): string {
	const more = names.length > maxNamesTold ? ` and ${names.length - maxNamesTold} more` : "";
	return names.length === 0 ? "It has none yet." : `It has: ${names.slice(0, maxNamesTold).join(", ")}${more}.`;
}

/** Where files that failed their check are kept for the person to look at; never listed as models. */
export function quarantineFolder(modelDir: string): string {
	return path.join(modelDir, ".quarantine");
}

/** Where the files of running jobs are, on the same disk as the models, so that publishing one is a rename. */
export function partialFolder(modelDir: string): string {
	return path.join(modelDir, ".partial");
}

/** Deletes what a crash left of models that were being deleted. */
async function sweepRemoved(modelDir: string): Promise<void> {
	const folder = partialFolder(modelDir);
	const names = await readdir(folder).catch(() => []);
	for (const name of names.filter((each) => each.startsWith(removedPrefix))) {
		await rm(path.join(folder, name), { recursive: true, force: true });
	}
}

/** The models that ship with LMX, those of the model folder, and one named by its path. */
export class FolderLibrary implements ModelLibrary {
	readonly modelDir: string;
	readonly #parts: LibraryParts;
	readonly #cache: FactsCache;
	#models: ReadonlyMap<string, InstalledModel> = new Map();
	#problems: readonly ModelProblem[] = [];
	#stopWatching: () => void = () => undefined;
	#running: Promise<void> | null = null;
	#again: Promise<void> | null = null;

	private constructor(parts: LibraryParts) {
		this.modelDir = parts.modelDir;
		this.#parts = parts;
		this.#cache = new FactsCache(path.join(parts.stateDir, "model-facts.json"));
	}

	/** Looks at the disk and goes on watching it until `close`. Throws when the model folder cannot be made. */
	static async open(parts: LibraryParts): Promise<FolderLibrary> {
		mkdirSync(parts.modelDir, { recursive: true });
		const library = new FolderLibrary(parts);
		await library.refresh();
		await sweepRemoved(parts.modelDir);
		library.#stopWatching = watchFolder(parts.modelDir, {
			onChange: () => library.refresh().catch((error: unknown) => parts.logger.warn({ err: error }, "the model folder cannot be read")),
			onFailure: (error) => parts.logger.warn({ err: error }, "the model folder cannot be watched; changes are seen at the next start"),
		});
		return library;
	}

	/** What lies in the model folder but cannot be used, and why. */
	get problems(): readonly ModelProblem[] {
		return this.#problems;
	}

	list(): readonly InstalledModel[] {
		return [...this.#models.values()];
	}

	find(id: string): InstalledModel | undefined {
		return this.#models.get(id.toLowerCase());
	}

	explainMissing(id: string, otherNames: readonly string[] = []): string {
		const wanted = id.toLowerCase();
		const { modelFile } = this.#parts;
		const isNamedFile = modelFile !== null && path.resolve(modelFile) === path.resolve(id);
		const stem = isNamedFile ? path.basename(wanted).replace(/\.gguf$/, "") : wanted;
		const problem = this.#problems.find(({ name }) => [wanted, stem].includes(name.toLowerCase()) || name === path.resolve(id));
		if (problem !== undefined) {
			return problem.reason;
		}
		if (catalogue.models.some((entry) => entry.id === wanted)) {
			return `The model "${id}" is not on this machine. Download it: POST /admin/models/download with {"model": "${wanted}"}.`;
		}
		const names = [...this.#models.keys(), ...otherNames];
		return `There is no model "${id}" on this host. ${describeNames(names)} POST /admin/models/download brings others.`;
	}

	verify(model: InstalledModel, options?: VerifyOptions): Promise<string | null> {
		return verifyFiles(model, this.#verifiedFile(), options);
	}

	async welcome(id: string): Promise<void> {
		await this.refresh();
		const model = this.find(id);
		if (model !== undefined) {
			await rememberDigests(model, this.#verifiedFile());
		}
	}

	refresh(): Promise<void> {
		if (this.#running === null) {
			this.#running = this.#scan().finally(() => {
				this.#running = null;
			});
			return this.#running;
		}
		this.#again ??= this.#running.then(() => {
			this.#again = null;
			return this.refresh();
		});
		return this.#again;
	}

	async remove(id: string): Promise<Answer<{ readonly freedBytes: number }>> {
		const model = this.find(id);
		if (model === undefined) {
			return { ok: false, error: { code: "model_not_found", message: this.explainMissing(id), param: "id" } };
		}
		if (model.source !== "installed") {
			const why = model.source === "catalogue" ? "ships with LMX" : "was named by its path";
			return { ok: false, error: { code: "conflict", message: `The model "${id}" ${why}; LMX does not delete it.`, param: "id" } };
		}
		const isOwnFolder = path.dirname(model.folder) === this.modelDir;
		const doomed = path.join(partialFolder(this.modelDir), `${removedPrefix}${uuid()}`);
		mkdirSync(doomed, { recursive: true });
		if (isOwnFolder && !this.list().some((other) => other !== model && other.folder === model.folder)) {
			await rename(model.folder, path.join(doomed, "model"));
		} else {
			for (const [index, { name }] of model.files.entries()) {
				await rename(path.join(model.folder, name), path.join(doomed, String(index)));
			}
		}
		await this.refresh();
		await rm(doomed, { recursive: true, force: true });
		return { ok: true, value: { freedBytes: model.fileBytes } };
	}

	/** Ends the watching. */
	close(): void {
		this.#stopWatching();
	}

	#verifiedFile(): string {
		return path.join(this.#parts.stateDir, "verified-models.json");
	}

	async #scan(): Promise<void> {
		this.#publish(await scanModels(this.modelDir, this.#parts.modelFile, this.#cache));
	}

	#publish({ models, problems }: ScannedModels): void {
		const before = this.#models;
		this.#models = models;
		const isNew = (model: InstalledModel): boolean => {
			const old = before.get(model.id);
			return old === undefined || old.path !== model.path || old.modifiedAt.getTime() !== model.modifiedAt.getTime();
		};
		const added = [...models.values()].filter(isNew).map(({ id }) => id);
		const removed = [...before.keys()].filter((id) => !models.has(id));
		for (const { name, reason } of problems) {
			if (!this.#problems.some((known) => known.name === name && known.reason === reason)) {
				this.#parts.logger.warn({ model: name, reason }, "a model cannot be used");
			}
		}
		this.#problems = problems;
		if (added.length > 0 || removed.length > 0) {
			this.#parts.events.publish({ type: "models.changed", added, removed });
		}
	}
}
