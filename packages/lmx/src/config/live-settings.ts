import { readFileSync, statSync } from "node:fs";
import type { Logger } from "pino";
import type { EventBus } from "../events/event-bus.ts";
import type { LmxOptions } from "../options/lmx-options.ts";
import { parseConfig } from "./parse-config.ts";
import { changesForRestart, type LmxSettings, resolveSettings } from "./resolve-settings.ts";

/** The file is looked at this often. Looking works everywhere, also where it is made or replaced later. */
const lookMs = 1000;

/** Bits of a file's mode that let others read it. */
const readableByOthers = 0o044;

/** What the settings tell and whom. */
export interface LiveSettingsParts {
	readonly options: LmxOptions;
	readonly events: EventBus;
	readonly logger: Logger;
}

/** Settings, or why there are none, in one line. */
export type OpenedSettings = { readonly ok: true; readonly settings: LiveSettings } | { readonly ok: false; readonly message: string };

type ReadSettings = { readonly ok: true; readonly settings: LmxSettings } | { readonly ok: false; readonly message: string };

/** Tells one state of a file from another; empty for one that is not there. */
function fingerprint(file: string): string {
	const found = statSync(file, { throwIfNoEntry: false });
	return found === undefined ? "" : `${found.ino} ${found.size} ${found.mtimeMs}`;
}

/** Reads the file; one that is not there counts as empty. */
function read(options: LmxOptions): ReadSettings {
	const { configFile } = options;
	let text = "";
	try {
		text = readFileSync(configFile, "utf8");
	} catch (error) {
		if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
			return { ok: false, message: `${configFile} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
		}
	}
	const parsed = parseConfig(text, configFile);
	return parsed.ok ? { ok: true, settings: resolveSettings(options, parsed.config) } : parsed;
}

/** The settings that hold now. The file is read again when it changes; one with a mistake changes nothing. */
export class LiveSettings {
	readonly #parts: LiveSettingsParts;
	readonly #listeners = new Set<(settings: LmxSettings) => void>();
	readonly #looking: NodeJS.Timeout;
	#current: LmxSettings;
	#problem: string | null = null;
	/** Of the file that was read last. */
	#seen: string;

	private constructor(parts: LiveSettingsParts, first: LmxSettings, seen: string) {
		this.#parts = parts;
		this.#current = first;
		this.#seen = seen;
		this.#looking = setInterval(() => this.#look(), lookMs).unref();
	}

	/** Reads the file and watches it until `close`. */
	static open(parts: LiveSettingsParts): OpenedSettings {
		const seen = fingerprint(parts.options.configFile);
		const first = read(parts.options);
		if (!first.ok) {
			return first;
		}
		const settings = new LiveSettings(parts, first.settings, seen);
		settings.#warnAboutReaders();
		return { ok: true, settings };
	}

	get current(): LmxSettings {
		return this.#current;
	}

	/** Why the file as it is now is not in force; null when it is. */
	get problem(): string | null {
		return this.#problem;
	}

	/** Reads the file again. Null when it is in force, else why it is not: the settings before hold on. */
	reload(): string | null {
		const { options, events, logger } = this.#parts;
		this.#seen = fingerprint(options.configFile);
		const next = read(options);
		this.#problem = next.ok ? null : next.message;
		if (next.ok) {
			const late = changesForRestart(this.#current, next.settings);
			this.#current = next.settings;
			logger.info({ file: options.configFile, afterRestart: late }, "configuration read");
			this.#warnAboutReaders();
			for (const listener of this.#listeners) {
				listener(next.settings);
			}
		} else {
			logger.error({ file: options.configFile }, `${next.message} The configuration before holds on.`);
		}
		events.publish({ type: "config.reloaded", problem: this.#problem });
		return this.#problem;
	}

	/** Calls back with the settings after every change; the result ends that. */
	onChange(listener: (settings: LmxSettings) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Ends the watching. */
	close(): void {
		clearInterval(this.#looking);
	}

	#look(): void {
		if (fingerprint(this.#parts.options.configFile) !== this.#seen) {
			this.reload();
		}
	}

	/** Keys in a file that others can read are no secret. */
	#warnAboutReaders(): void {
		const { configFile } = this.#current;
		const hasSecrets = this.#current.apiKeys.some((each) => "key" in each) || this.#current.hfToken !== null;
		const mode = statSync(configFile, { throwIfNoEntry: false })?.mode ?? 0;
		if (hasSecrets && process.platform !== "win32" && (mode & readableByOthers) !== 0) {
			this.#parts.logger.warn(`${configFile} holds secrets but others on this machine can read it. Run: chmod 600 ${configFile}`);
		}
	}
}
