import type { ErrorCode } from "@opta/contracts/error-codes";
import type { AnswerError } from "../serving/backend.ts";

/** Why a download cannot go on. Trying again at once would not help. */
export class DownloadFailure extends Error {
	readonly answer: AnswerError;

	constructor(code: ErrorCode, message: string, details?: Record<string, unknown>) {
		super(message);
		this.answer = { code, message, ...(details === undefined ? {} : { details }) };
	}
}

/** A trouble of the network or the server that may pass. `waitMs`: how long the server wants to be left alone; null: not said. */
export class PassingTrouble extends Error {
	readonly waitMs: number | null;

	constructor(message: string, waitMs: number | null = null) {
		super(message);
		this.waitMs = waitMs;
	}
}

/** What is here of a file is not of the file that the server has now. */
export class StartOver extends Error {}
