import { createHash } from "node:crypto";

const maxFilesPerSession = 4096;

/** What sessions have seen of files, so that nothing is overwritten that changed meanwhile. */
export interface ReadLedger {
	/** Notes what a session has read or written; null where it has seen that there is no file. */
	readonly note: (sessionId: string, absolute: string, bytes: Uint8Array | null) => void;
	/** False where the session saw something else than this; true where it never looked. */
	readonly isCurrent: (sessionId: string, absolute: string, bytes: Uint8Array | null) => boolean;
	readonly forget: (sessionId: string) => void;
}

function fingerprint(bytes: Uint8Array | null): string {
	return bytes === null ? "none" : createHash("sha256").update(bytes).digest("base64");
}

/** An empty ledger. Of each session the last 4096 files are known. */
export function createReadLedger(): ReadLedger {
	const sessions = new Map<string, Map<string, string>>();
	return {
		note: (sessionId, absolute, bytes) => {
			const files = sessions.get(sessionId) ?? new Map<string, string>();
			sessions.set(sessionId, files);
			files.delete(absolute);
			files.set(absolute, fingerprint(bytes));
			const [oldest] = files.keys();
			if (files.size > maxFilesPerSession && oldest !== undefined) {
				files.delete(oldest);
			}
		},
		isCurrent: (sessionId, absolute, bytes) => {
			const seen = sessions.get(sessionId)?.get(absolute);
			return seen === undefined || seen === fingerprint(bytes);
		},
		forget: (sessionId) => {
			sessions.delete(sessionId);
		},
	};
}
