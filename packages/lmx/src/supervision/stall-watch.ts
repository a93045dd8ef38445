/** When a model that has work but makes no progress is noticed. */
export interface StallLimits {
	/** It is reported as unhealthy after this long, */
	readonly reportMs: number;
	/** and after this long it is taken for wedged and started again. */
	readonly killMs: number;
	/** A load of which nothing is heard for this long is given up. */
	readonly loadMs: number;
}

/** What is watched, and who hears of it. */
export interface StallWatchParts {
	/** What the process is at; null where nothing is expected of it. */
	readonly doing: () => "loading" | "working" | null;
	/** A limit was passed; told again until something is done about it. */
	readonly onStall: (doing: "loading" | "working", limitMs: number) => void;
}

/** The stall is looked for this often within its limit. */
const checksPerLimit = 8;

/** Notices when a process that should get on does not. */
export class StallWatch {
	readonly #limits: StallLimits;
	readonly #parts: StallWatchParts;
	readonly #timer: NodeJS.Timeout;
	#progressAtMs = performance.now();

	constructor(limits: StallLimits, parts: StallWatchParts) {
		this.#limits = limits;
		this.#parts = parts;
		this.#timer = setInterval(() => this.#check(), Math.min(limits.killMs, limits.loadMs) / checksPerLimit).unref();
	}

	/** Something got on, or begins now. */
	noteProgress(): void {
		this.#progressAtMs = performance.now();
	}

	/** How long work has not got on, in milliseconds; 0 without work. */
	get stalledMs(): number {
		return this.#parts.doing() === "working" ? performance.now() - this.#progressAtMs : 0;
	}

	/** True from the moment that a stall is to be reported. */
	get isUnhealthy(): boolean {
		return this.stalledMs >= this.#limits.reportMs;
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	#check(): void {
		const doing = this.#parts.doing();
		if (doing === null) {
			return;
		}
		const limitMs = doing === "loading" ? this.#limits.loadMs : this.#limits.killMs;
		if (performance.now() - this.#progressAtMs >= limitMs) {
			this.#parts.onStall(doing, limitMs);
		}
	}
}
