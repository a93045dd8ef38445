import { type LogEntry, type LogLevel, type LogPage, type LogQuery, logLevels } from "@opta/contracts/schema/lmx-logs";
import { v7 as uuid } from "uuid";
import { EventRing, type Kept } from "../events/event-ring.ts";

const keptEntries = 4000;
/** Longer texts are cut, so that the book stays small whatever is logged. */
const maxMessageChars = 4000;
const maxFactsChars = 8000;

/** Pino's numbers of the levels. */
const levelNames: Readonly<Record<number, LogLevel>> = { 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };

function textOrNull(value: unknown): string | null {
	return typeof value === "string" ? value : null;
}

/** Reads a line as pino writes it. */
function entryOf(line: string): LogEntry {
	const { time, level, model, requestId, msg, name: _name, pid: _pid, hostname: _hostname, ...facts } = JSON.parse(line);
	const message = textOrNull(msg) ?? "";
	return {
		at: textOrNull(time) ?? new Date().toISOString(),
		level: levelNames[level] ?? "info",
		model: textOrNull(model),
		requestId: textOrNull(requestId),
		message: message.length > maxMessageChars ? `${message.slice(0, maxMessageChars)}…` : message,
		facts: JSON.stringify(facts).length > maxFactsChars ? { isTooLong: true } : facts,
	};
}

/** Which entries a reader wants. */
export type LogFilter = Pick<LogQuery, "model" | "level">;

/** True for an entry that the filter lets through. */
export function matchesFilter({ model, level }: LogFilter, entry: LogEntry): boolean {
	return logLevels.indexOf(entry.level) >= logLevels.indexOf(level) && (model === undefined || model === entry.model);
}

/** The last entries of the log in memory; a stream for pino. */
export class LogBook {
	readonly #ring: EventRing<LogEntry>;
	readonly #readers = new Set<(entry: Kept<LogEntry>) => void>();

	constructor(capacity = keptEntries, epoch: string = uuid()) {
		this.#ring = new EventRing(epoch, capacity);
	}

	/** Takes one line of JSON. */
	write(line: string): void {
		const kept = this.#ring.add(entryOf(line));
		for (const reader of this.#readers) {
			reader(kept);
		}
	}

	/** The newest entries that match, or those after a place. */
	page({ after, limit, ...filter }: LogQuery): LogPage {
		const following = after === undefined ? null : this.#ring.after(after);
		const known = following?.kind === "entries" ? following.entries : this.#ring.entries();
		const matching = known.filter(({ value }) => matchesFilter(filter, value));
		const isContinued = following?.kind === "entries";
		const entries = isContinued ? matching.slice(0, limit) : matching.slice(-limit);
		const isCut = isContinued && matching.length > limit;
		return {
			entries: entries.map(({ id, value }) => ({ ...value, id })),
			lastId: isCut ? (entries.at(-1)?.id ?? this.#ring.lastId) : this.#ring.lastId,
			hasGap: following?.kind === "lost",
		};
	}

	/** Calls back for every entry from now on; the result ends that. */
	subscribe(reader: (entry: Kept<LogEntry>) => void): () => void {
		this.#readers.add(reader);
		return () => this.#readers.delete(reader);
	}
}
