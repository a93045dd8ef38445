import { api } from "@opta/contracts/build";
import type { DaemonHealth, DaemonStatus } from "@opta/contracts/schema/daemon-status";
import type { Children } from "../children/children.ts";
import type { LiveConfig } from "../config/live-config.ts";
import type { RotatingFile } from "../logs/rotating-file.ts";
import type { Models } from "../model/models.ts";
import type { Reach } from "../reach/open-reach.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Readers } from "../server/streams/readers.ts";
import type { Sessions } from "../sessions/sessions.ts";

/** What the daemon's state is read from. */
export interface StatusParts {
	readonly build: string;
	readonly startedAt: Date;
	readonly address: () => string;
	readonly home: string;
	readonly sessions: Sessions;
	readonly readers: Readers;
	readonly log: RotatingFile;
	readonly children: Children;
	readonly config: LiveConfig;
	readonly models: Pick<Models, "status">;
	readonly sandbox: Sandbox;
	readonly reach: Pick<Reach, "status">;
	readonly isDraining: () => boolean;
}

/** What anybody may know. */
export function describeHealth(build: string): DaemonHealth {
	return { service: "opta-daemon", build, api, oldestApi: { daemon: 3 } };
}

/** The state of the daemon: everything that is bounded, with its bound. */
export async function describeStatus(parts: StatusParts, gone: AbortSignal): Promise<DaemonStatus> {
	const { daemon } = parts.config.current();
	const { total, loaded, running, waiting } = parts.sessions.counts();
	return {
		...describeHealth(parts.build),
		pid: process.pid,
		startedAt: parts.startedAt.toISOString(),
		address: parts.address(),
		home: parts.home,
		sessions: { total, loaded: { ...loaded }, running, waiting },
		clients: { used: parts.readers.used(), limit: parts.readers.limit },
		memoryBytes: { used: process.memoryUsage.rss(), limit: daemon.maxMemoryBytes },
		logBytes: { used: parts.log.bytes(), limit: daemon.maxLogBytes },
		children: parts.children.list().map((child) => ({ ...child })),
		childLimit: parts.children.limit,
		model: await parts.models.status(gone),
		sandbox: { kind: parts.sandbox.kind, note: parts.sandbox.note },
		reach: parts.reach.status(),
		draining: parts.isDraining(),
	};
}
