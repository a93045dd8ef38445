import { readFileSync, statSync, unwatchFile, watchFile } from "node:fs";
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
	#current: LmxSettings;
	#problem: string | null = null;

	private constructor(parts: LiveSettingsParts, first: LmxSettings) {
		this.#parts = parts;
		this.#current = first;
	}

	/** Reads the file and watches it until `close`. */
	static open(parts: LiveSettingsParts): OpenedSettings {
		const first = read(parts.options);
		if (!first.ok) {
			return first;
		}
		const settings = new LiveSettings(parts, first.settings);
		settings.#warnAboutReaders();
		watchFile(parts.options.configFile, { interval: lookMs, persistent: false }, settings.#onLook);
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
		unwatchFile(this.#parts.options.configFile, this.#onLook);
	}

	readonly #onLook = (
		now: { mtimeMs: number; ino: number; size: number },
		before: { mtimeMs: number; ino: number; size: number },
	): void => {
		if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size) {
			this.reload();
		}
	};

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
