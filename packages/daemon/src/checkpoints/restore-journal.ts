import { readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import { syncFolder } from "../platform/sync-folder.ts";

/** A rewind that was begun: from which entry of the session's log on. */
const journalSchema = z.object({ sessionId: z.string(), fromIndex: z.int().min(0), entries: z.int().min(0) });

/** A rewind that was begun. */
export type RestoreJournal = z.infer<typeof journalSchema>;

/** Rewinds that were begun and are not finished. */
export interface RestoreJournals {
	/** On disk when it resolves. */
	readonly begin: (journal: RestoreJournal) => Promise<void>;
	readonly finish: (sessionId: string) => Promise<void>;
	readonly unfinished: () => Promise<readonly RestoreJournal[]>;
}

/** Journals in a folder of their own, a file per session. A damaged one is put aside and told. */
export function openRestoreJournals(folder: string, onProblem: (message: string) => void): RestoreJournals {
	const fileOf = (sessionId: string): string => path.join(folder, `${sessionId}.json`);
	return {
		begin: (journal) => replaceFile(fileOf(journal.sessionId), `${JSON.stringify(journal)}\n`),
		finish: async (sessionId) => {
			await rm(fileOf(sessionId));
			await syncFolder(folder);
		},
		unfinished: async () => {
			const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
			const found: RestoreJournal[] = [];
			for (const name of names) {
				const file = path.join(folder, name);
				try {
					found.push(journalSchema.parse(JSON.parse(await readFile(file, "utf8"))));
				} catch (error) {
					if (!(error instanceof SyntaxError || error instanceof z.ZodError)) {
						throw error;
					}
					await rename(file, `${file}.damaged`);
					onProblem(`A rewind that was cut off cannot be finished, as ${file}.damaged is damaged. Rewind again.`);
				}
			}
			return found;
		},
	};
}
