import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { ProjectRules } from "../permissions/project-rules.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import { type Caller, maySee } from "./caller.ts";
import type { LiveSession } from "./live-session.ts";
import { failed, type Outcome } from "./outcome.ts";
import type { SessionEnvironments } from "./session-environment.ts";
import type { SessionFolders } from "./session-folders.ts";
import type { SessionIndex } from "./session-index.ts";
import { notFound, type SessionStore } from "./session-store.ts";

/** Configuration that sessions follow. */
export type SessionConfig = Pick<OptaConfig, "model" | "permissions" | "agent"> & {
	readonly daemon: Pick<OptaConfig["daemon"], "trashDays">;
};

/** What the operations on sessions work with. */
export interface SessionParts {
	readonly folders: SessionFolders;
	readonly environments: SessionEnvironments;
	readonly store: SessionStore;
	readonly index: SessionIndex;
	readonly runner: TurnRunner;
	readonly checkpoints: Checkpoints;
	readonly projectRules: ProjectRules;
	readonly config: (workspace: string) => SessionConfig;
	readonly now: () => Date;
	/** Brings the index up to what is on the disk. */
	readonly refreshIndex: () => void;
	/** Tells those who follow the list that a session's entry changed. */
	readonly announce: (sessionId: string, ownerUserId: string | null) => void;
	readonly onSessionClosed: (sessionId: string) => Promise<void>;
	readonly onProblem: (message: string, error: unknown, sessionId: string) => void;
}

/** Works with a session that the caller may see. What goes wrong unforeseen is logged and told as a failure. */
export function withSession<T>(
	{ store, onProblem }: Pick<SessionParts, "store" | "onProblem">,
	sessionId: string,
	caller: Caller,
	work: (live: LiveSession) => Promise<Outcome<T>> | Outcome<T>,
): Promise<Outcome<T>> {
	return store.use<T>(sessionId, async (live) => {
		if (!maySee(caller, live.state.file.metadata.ownerUserId)) {
			return notFound();
		}
		try {
			return await work(live);
		} catch (error) {
			onProblem("An operation on a session failed.", error, sessionId);
			return failed("internal", "This did not work because of a problem in the daemon. Its log says more; try again.");
		}
	});
}
