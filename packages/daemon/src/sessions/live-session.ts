import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { PermissionRule } from "@opta/contracts/schema/daemon-permission";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import { SessionHub } from "../hub/session-hub.ts";
import { PermissionDesk } from "../permissions/permission-desk.ts";
import { SessionTurns } from "../turns/session-turns.ts";
import { titleSession } from "../turns/title-session.ts";
import { createTurnContext } from "../turns/turn-context.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { lineSeq, parseEventLine } from "./log-format.ts";
import { type LogMark, LogMarks } from "./log-marks.ts";
import type { SessionVariables } from "./session-environment.ts";
import type { SessionFiles } from "./session-folders.ts";
import { SessionJournal } from "./session-journal.ts";
import type { SessionLog } from "./session-log.ts";
import type { SessionState } from "./session-state.ts";
import { writeSnapshot } from "./snapshot-file.ts";

/** What sessions share. */
export interface SessionSurroundings {
	readonly runner: TurnRunner;
	readonly checkpoints: Checkpoints;
	readonly config: (workspace: string) => Pick<OptaConfig, "permissions" | "agent">;
	readonly projectRules: (workspace: string) => readonly PermissionRule[];
	readonly now: () => Date;
	/** False while the daemon lets turns end. */
	readonly accepting: () => boolean;
	/** Told of everything that is on the disk. Must not throw. */
	readonly onEvents: (events: readonly SessionEvent[], state: SessionState) => void;
	readonly onProblem: (message: string, error: unknown, sessionId: string) => void;
}

/** What was read of a session. */
export interface LiveSessionParts {
	readonly files: SessionFiles;
	readonly log: SessionLog;
	readonly state: SessionState;
	/** How far the snapshot on the disk goes. */
	readonly snapshot: LogMark;
	readonly environment: SessionVariables;
}

/** A session in memory: its journal, its readers, its questions and its turns. */
export class LiveSession {
	readonly id: string;
	readonly journal: SessionJournal;
	readonly hub: SessionHub;
	readonly desk: PermissionDesk;
	readonly turns: SessionTurns;
	readonly environment: SessionVariables;
	readonly #parts: LiveSessionParts;
	readonly #around: SessionSurroundings;
	readonly #closing = new AbortController();
	readonly #marks: LogMarks;
	#savedSeq: number;
	#saving: Promise<void> = Promise.resolve();
	#titling: Promise<void> | null = null;

	constructor(parts: LiveSessionParts, around: SessionSurroundings) {
		const { log, state } = parts;
		this.#parts = parts;
		this.#around = around;
		this.id = state.file.id;
		this.environment = parts.environment;
		this.#savedSeq = parts.snapshot.seq;
		this.#marks = new LogMarks(parts.snapshot);
		this.journal = new SessionJournal({
			log,
			state,
			now: around.now,
			onEvents: (events, after) => this.#onEvents(events, after),
			onFailure: (error) => around.onProblem("A session could not be written.", error, this.id),
		});
		this.hub = new SessionHub({
			sessionId: this.id,
			epoch: state.file.metadata.epoch,
			lastSeq: state.file.metadata.lastSeq,
			readEvents: (after) => this.readEvents(after),
			now: around.now,
			onProblem: (error) => around.onProblem("Events could not be read for somebody who missed them.", error, this.id),
		});
		const config = (): Pick<OptaConfig, "permissions" | "agent"> => around.config(this.workspace);
		this.desk = new PermissionDesk({ journal: this.journal, now: around.now, timeoutMs: () => config().permissions.timeoutMs });
		this.turns = new SessionTurns({
			journal: this.journal,
			runner: around.runner,
			accepting: around.accepting,
			context: (turn) =>
				createTurnContext({
					...turn,
					journal: this.journal,
					desk: this.desk,
					emit: (event) => this.hub.emit(event),
					checkpoints: around.checkpoints,
					permissions: () => config().permissions,
					projectRules: () => around.projectRules(this.workspace),
					environment: this.environment,
				}),
			onSettled: (end) => {
				this.save();
				if (end?.ok === true && end.reason !== "cancelled" && config().agent.titles) {
					this.#title();
				}
			},
			onBroken: (error) => around.onProblem("The agent threw.", error, this.id),
		});
	}

	get state(): SessionState {
		return this.journal.state;
	}

	get workspace(): string {
		return this.state.file.metadata.workspace;
	}

	/** True while it may not be put out of memory. */
	get busy(): boolean {
		return this.turns.active || this.state.turns.length > 0 || this.hub.readers > 0 || this.journal.busy || this.#titling !== null;
	}

	/** Events on the disk after that number. */
	async *readEvents(afterSeq: number): AsyncGenerator<SessionEvent> {
		for await (const { text } of this.#parts.log.lines(this.#marks.before(afterSeq))) {
			const seq = lineSeq(text);
			if (seq === undefined || seq <= afterSeq) {
				continue;
			}
			const event = parseEventLine(text);
			if (event === undefined) {
				throw new Error(`Line of event ${seq} cannot be read.`);
			}
			yield event;
		}
	}

	/** Length of its log on the disk. */
	get logBytes(): number {
		return this.#parts.log.bytes;
	}

	/** Writes the snapshot where it is behind; a failure is no loss, since the log has everything. */
	save(): void {
		this.#saving = this.#saving.then(async () => {
			const { state } = this;
			const { lastSeq } = state.file.metadata;
			if (lastSeq === this.#savedSeq || this.journal.busy) {
				return;
			}
			try {
				await writeSnapshot(this.#parts.files.snapshot, state, this.#parts.log.bytes);
				this.#savedSeq = lastSeq;
			} catch (error) {
				this.#around.onProblem("A snapshot could not be written; the log has everything.", error, this.id);
			}
		});
	}

	/** Ends turns and readers, writes the snapshot, lets go of the file. */
	async close(): Promise<void> {
		this.#closing.abort();
		await this.turns.close();
		await this.#titling;
		this.desk.close();
		await this.journal.close();
		this.hub.end();
		this.save();
		await this.#saving;
		await this.#parts.log.close();
	}

	#onEvents(events: readonly SessionEvent[], state: SessionState): void {
		this.#marks.add({ seq: state.file.metadata.lastSeq, bytes: this.#parts.log.bytes });
		this.hub.publish(events);
		this.desk.observe(events);
		this.#around.onEvents(events, state);
	}

	#title(): void {
		this.#titling ??= titleSession(this.journal, this.#around.runner, this.#closing.signal)
			.catch((error: unknown) => this.#around.onProblem("A session could not be given a title.", error, this.id))
			.finally(() => {
				this.#titling = null;
				this.save();
			});
	}
}
