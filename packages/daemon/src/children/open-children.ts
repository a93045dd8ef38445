import { randomUUID } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { thisPlatform } from "../platform/opta-home.ts";
import { processStartedAt } from "../platform/process-started-at.ts";
import { replaceFile } from "../platform/replace-file.ts";
import type { ChildInfo, Children, ChildSlot } from "./children.ts";
import { endTree } from "./end-tree.ts";
import type { TreeRoot } from "./tree-members.ts";

/** Variable that everything we start carries. */
export const childMarkVariable = "OPTA_CHILD";
const defaultGraceMs = 2000;

const storeSchema = z.object({
	format: z.literal(1),
	/** Begins the mark of every process of that daemon. */
	runId: z.string().min(16),
	children: z.array(z.object({ pid: z.int(), startedAt: z.string().nullable(), mark: z.string().min(16) })),
});

type Store = z.infer<typeof storeSchema>;

/** What the registry of processes needs. */
export interface ChildLimits {
	/** `daemon.maxChildren`. */
	readonly maxChildren: number;
	/** File that lists running processes, so that a daemon that was killed leaves none behind. */
	readonly storeFile: string;
	/** Told what could not be done: the list could not be written, a process does not end. */
	readonly onProblem: (message: string) => void;
}

interface Entry {
	readonly info: Omit<ChildInfo, "pid">;
	readonly mark: string;
	pid: number | null;
	startedAt: string | null;
	/** Settles when it is on the list on disk. */
	known: Promise<void>;
	ending: Promise<void> | null;
}

async function readStore(file: string): Promise<Store | null> {
	try {
		return storeSchema.parse(JSON.parse(await readFile(file, "utf8")));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") {
			return null;
		}
		throw error;
	}
}

/** Ends what an earlier daemon left running, and keeps track of every process that this one starts. */
export async function openChildren(limits: ChildLimits): Promise<Children> {
	const platform = thisPlatform();
	const runId = randomUUID();
	const entries = new Set<Entry>();
	let closed = false;
	let serial = 0;
	let writing: Promise<void> = Promise.resolve();

	const report = (what: string, error: unknown) => limits.onProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`);

	const save = (): Promise<void> => {
		const children = () => [...entries].flatMap(({ pid, startedAt, mark }) => (pid === null ? [] : [{ pid, startedAt, mark }]));
		// Not forced to the disk: what a lost machine was running is gone with it.
		writing = writing
			.then(() => replaceFile(limits.storeFile, JSON.stringify({ format: 1, runId, children: children() }), { isForced: false }))
			.catch((error: unknown) => report("The list of running processes could not be written", error));
		return writing;
	};

	const endLeftOvers = async (store: Store): Promise<void> => {
		const roots: TreeRoot[] = [{ pid: 0, startedAt: null, mark: store.runId }, ...store.children];
		const left = new Set<number>();
		for (const root of roots) {
			for (const pid of await endTree(root, [], 0, platform)) {
				left.add(pid);
			}
		}
		if (left.size > 0) {
			limits.onProblem(`Processes of an earlier daemon do not end: ${[...left].join(", ")}.`);
		}
	};

	const endProcesses = async (entry: Entry, pid: number, graceMs: number): Promise<void> => {
		try {
			const left = await endTree({ pid, startedAt: entry.startedAt, mark: entry.mark }, [pid], graceMs, platform);
			if (left.length > 0) {
				limits.onProblem(`"${entry.info.name}" does not end (process ${left.join(", ")}).`);
			}
		} catch (error) {
			report(`"${entry.info.name}" could not be ended`, error);
		}
	};

	const end = (entry: Entry, graceMs: number): Promise<void> => {
		entry.ending ??= (async () => {
			await entry.known;
			if (entry.pid !== null) {
				await endProcesses(entry, entry.pid, graceMs);
				entries.delete(entry);
				await save();
			}
			entries.delete(entry);
		})();
		return entry.ending;
	};

	const remember = async (entry: Entry, pid: number): Promise<void> => {
		try {
			entry.startedAt = await processStartedAt(pid, platform);
			await save();
		} catch (error) {
			report(`"${entry.info.name}" could not be looked up`, error);
		}
	};

	const reserve = (info: Omit<ChildInfo, "pid">): ChildSlot | null => {
		if (closed || entries.size >= limits.maxChildren) {
			return null;
		}
		const entry: Entry = { info, mark: `${runId}.${serial++}.`, pid: null, startedAt: null, known: Promise.resolve(), ending: null };
		entries.add(entry);
		return {
			environment: { [childMarkVariable]: entry.mark },
			started: (pid) => {
				entry.pid = pid;
				// Its session was closed while it was being started.
				entry.known = entry.ending === null ? remember(entry, pid) : endProcesses(entry, pid, 0);
			},
			end: (graceMs = defaultGraceMs) => end(entry, graceMs),
		};
	};

	await mkdir(path.dirname(limits.storeFile), { recursive: true, mode: 0o700 });
	const store = await readStore(limits.storeFile).catch((error: unknown) => {
		report("The list of processes that an earlier daemon left could not be read", error);
		return null;
	});
	if (store !== null) {
		await endLeftOvers(store);
	}
	await save();

	return {
		limit: limits.maxChildren,
		list: () => [...entries].flatMap(({ info, pid }) => (pid === null ? [] : [{ ...info, pid }])),
		reserve,
		endSession: async (sessionId) => {
			await Promise.all([...entries].filter((entry) => entry.info.sessionId === sessionId).map((entry) => end(entry, defaultGraceMs)));
		},
		close: async () => {
			closed = true;
			await Promise.all([...entries].map((entry) => end(entry, defaultGraceMs)));
		},
	};
}
