"use client";

import type { SessionList as Sessions } from "@opta/contracts/schema/daemon-session";
import { Spinner } from "@opta/ui/spinner.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { useDevicePlace } from "../host/dashboard-place.tsx";
import { TimeAgo } from "../host/time-ago.tsx";
import type { HostData } from "../host/use-host-data.ts";
import { DeviceProblem } from "./device-problem.tsx";
import { PlaceLink } from "./place-link.tsx";
import { workspaceName } from "./workspace-name.ts";

interface SessionListProps {
	readonly deviceId: string;
	readonly deviceName: string;
	readonly sessions: HostData<Sessions>;
	readonly search: string;
	readonly setSearch: (text: string) => void;
	readonly current: string | null;
}

/** The sessions of a device, last used first. */
export function SessionList({ deviceId, deviceName, sessions, search, setSearch, current }: SessionListProps) {
	const { data, error, asking, retry } = sessions;
	return (
		<div className="flex min-h-0 flex-1 flex-col">
			<label className="block py-3">
				<span className="sr-only">Search sessions</span>
				<input
					type="search"
					value={search}
					placeholder="Search titles and messages"
					onChange={(event) => setSearch(event.target.value)}
					className="h-10 w-full rounded-md border border-edge bg-surface px-3 text-sm placeholder:text-muted"
				/>
			</label>
			{error === undefined ? null : <DeviceProblem error={error} retry={retry} retrying={asking} stale={data !== undefined} />}
			{data === undefined && error === undefined ? <Spinner label={`Asking ${deviceName} for its sessions`} showLabel /> : null}
			{data?.sessions.length === 0 ? (
				<p className="py-4 text-sm text-muted">
					{search === "" ? `No session on ${deviceName} yet. Begin one here, or there with opta.` : "No session has these words."}
				</p>
			) : null}
			<ul aria-label="Sessions" className="min-h-0 flex-1 overflow-y-auto overscroll-contain pb-6">
				{data?.sessions.map((session) => (
					<li key={session.id} className="border-b border-line">
						<SessionRow session={session} deviceId={deviceId} isCurrent={session.id === current} />
					</li>
				))}
			</ul>
		</div>
	);
}

interface SessionRowProps {
	readonly session: Sessions["sessions"][number];
	readonly deviceId: string;
	readonly isCurrent: boolean;
}

function SessionRow({ session: { id, title, metadata, running, waiting, excerpt }, deviceId, isCurrent }: SessionRowProps) {
	const { sessionsHref } = useDevicePlace();
	return (
		<PlaceLink
			href={sessionsHref(deviceId, id)}
			aria-current={isCurrent ? "page" : undefined}
			className="block border-l-2 border-transparent px-3 py-3 -outline-offset-2 hover:bg-raised aria-[current]:border-accent aria-[current]:bg-raised"
		>
			<span className="block font-medium wrap-anywhere">{title === "" ? "Untitled session" : title}</span>
			{excerpt === undefined ? null : <span className="mt-0.5 line-clamp-2 block text-sm text-muted">{excerpt}</span>}
			<span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-[0.8125rem] text-muted">
				{waiting ? <StateMark state="warn" label="waits for you" /> : running ? <StateMark state="ok" label="running" /> : null}
				<span title={metadata.workspace}>{workspaceName(metadata.workspace)}</span>
				<span className="font-mono text-xs wrap-anywhere">{metadata.model}</span>
				<TimeAgo time={metadata.updatedAt} />
			</span>
		</PlaceLink>
	);
}
