"use client";

import type { RemoteGrant } from "@opta/contracts/reach";
import type { Peer } from "@opta/contracts/schema/peers";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import type { HostError } from "@opta/host-client/host-error";
import { Button } from "@opta/ui/button.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { useDashboardPlace, useDevicePlace } from "../host/dashboard-place.tsx";
import { problemTitle } from "../host/problem-title.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { DeviceProblem } from "./device-problem.tsx";
import { GrantNotice } from "./grant-notice.tsx";
import { PermissionCard } from "./permission-card.tsx";
import { PlaceLink } from "./place-link.tsx";
import { SessionTitle } from "./session-title.tsx";
import { TodoList } from "./todo-list.tsx";
import { TranscriptView } from "./transcript-view.tsx";
import { TurnComposer } from "./turn-composer.tsx";
import { TurnQueue } from "./turn-queue.tsx";
import { useFollowedSession } from "./use-followed-session.ts";
import { type ActionProblem, useSessionActions } from "./use-session-actions.ts";
import { workspaceName } from "./workspace-name.ts";

interface DeviceSessionProps {
	readonly client: DaemonClient;
	readonly sessionId: string;
	readonly deviceId: string;
	readonly deviceName: string;
	readonly peer: Peer | undefined;
	/** Set once nobody is signed in any more. */
	readonly signInError: HostError | null;
	/** What the device allows from elsewhere; undefined while it has not said. */
	readonly allowed: readonly RemoteGrant[] | undefined;
}

/** One session of a device: followed live, and steered as far as the device allows. */
export function DeviceSession({ client, sessionId, deviceId, deviceName, peer, signInError, allowed }: DeviceSessionProps) {
	const { storageKey } = useDashboardPlace();
	const { sessionsHref } = useDevicePlace();
	const followed = useFollowedSession(client, sessionId);
	const actions = useSessionActions(client, sessionId);
	const { view, connection } = followed;
	const [question] = view.permissions;
	const may = (grant: RemoteGrant): boolean => allowed === undefined || allowed.includes(grant);
	const isOpen = connection !== "ended";
	return (
		<div className="flex min-h-0 min-w-0 flex-1 flex-col">
			<header className="border-b border-line py-2">
				<div className="flex items-center gap-3">
					<PlaceLink href={sessionsHref(deviceId)} className="link flex min-h-10 items-center text-sm lg:hidden">
						Sessions
					</PlaceLink>
					<SessionTitle
						key={sessionId}
						title={view.info?.title ?? "Session"}
						rename={may("turns") && view.info !== null ? actions.rename : null}
					/>
					{connection === "live" ? <StateMark state="ok" label="live" /> : <StateMark state="none" label="not live" />}
				</div>
				{view.info === null ? null : (
					<p className="truncate text-[0.8125rem] text-muted" title={view.info.metadata.workspace}>
						{deviceName} · {workspaceName(view.info.metadata.workspace)} · <span className="font-mono">{view.info.metadata.model}</span> ·
						mode {view.info.metadata.mode}
					</p>
				)}
			</header>
			<div className="pt-2 empty:hidden">
				{signInError === null ? (
					<ConnectionBanner followed={followed} deviceName={deviceName} peer={peer} />
				) : (
					<div className="lg:hidden">
						<DeviceProblem error={signInError} retry={() => undefined} retrying={false} stale />
					</div>
				)}
			</div>
			{view.info === null ? (
				<div className="flex-1 py-6">{isOpen ? <Spinner label="Reading the session" showLabel /> : null}</div>
			) : (
				<TranscriptView key={sessionId} view={view}>
					{view.entries.length === 0 && view.turns.length === 0 ? <p className="text-muted">Nothing was said here yet.</p> : null}
					<TurnQueue view={view} cancel={may("approve") ? actions.cancel : null} />
				</TranscriptView>
			)}
			<div className="mx-auto grid w-full max-w-3xl gap-2 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
				<TodoList todos={view.todos} />
				{question === undefined ? null : may("approve") ? (
					<PermissionCard
						key={question.id}
						permission={question}
						more={view.permissions.length - 1}
						busy={actions.answering}
						answer={actions.answer}
					/>
				) : (
					<Notice tone="warn" title={question.title}>
						<GrantNotice deviceName={deviceName} allowed={allowed ?? []} missing="approve" />
					</Notice>
				)}
				<ActionNotice problem={actions.problem} deviceName={deviceName} allowed={allowed} dismiss={actions.dismiss} />
				{may("turns") ? (
					isOpen && (
						<TurnComposer
							draftKey={`${storageKey}:${sessionId}`}
							running={view.turns.length > 0}
							sending={actions.sending}
							send={actions.send}
							stop={view.turns.length > 0 && may("approve") ? () => actions.cancel() : null}
						/>
					)
				) : (
					<GrantNotice deviceName={deviceName} allowed={allowed ?? []} missing="turns" />
				)}
			</div>
		</div>
	);
}

interface ActionNoticeProps extends Pick<DeviceSessionProps, "deviceName" | "allowed"> {
	readonly problem: ActionProblem | null;
	readonly dismiss: () => void;
}

function ActionNotice({ problem, deviceName, allowed, dismiss }: ActionNoticeProps) {
	if (problem === null) {
		return null;
	}
	const { error, missing } = problem;
	const isRefusal = error.code === "forbidden";
	return (
		<Notice tone="bad" title={isRefusal ? "Not allowed on that computer" : problemTitle(error.code)}>
			<p>{error.message}</p>
			{isRefusal && allowed?.includes(missing) === false ? (
				<GrantNotice deviceName={deviceName} allowed={allowed} missing={missing} />
			) : null}
			<Button variant="secondary" className="mt-3" onClick={dismiss}>
				Close
			</Button>
		</Notice>
	);
}
