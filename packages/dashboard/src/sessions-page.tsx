"use client";

import type { Peer } from "@opta/contracts/schema/peers";
import { ButtonLink } from "@opta/ui/button.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { useDeferredValue, useMemo, useState } from "react";
import { usePeers } from "./devices/use-peers.ts";
import { DashboardNav } from "./host/dashboard-nav.tsx";
import { useDashboardPlace, useDevicePlace } from "./host/dashboard-place.tsx";
import { HostProblem } from "./host/host-problem.tsx";
import { useHostData } from "./host/use-host-data.ts";
import { isSignedOut } from "./sessions/device-problem.tsx";
import { DeviceSession } from "./sessions/device-session.tsx";
import { GrantNotice } from "./sessions/grant-notice.tsx";
import { NewSession } from "./sessions/new-session.tsx";
import { SessionList } from "./sessions/session-list.tsx";
import { goTo, useSessionsQuery } from "./sessions/sessions-query.ts";

/** Older ones are found by their words. */
const mostSessions = 100;
const listRefreshMs = 4_000;
const statusRefreshMs = 30_000;

/** Sessions of the reader's devices: a list, and one of them followed live. */
export default function SessionsPage() {
	const query = useSessionsQuery();
	const peers = usePeers();
	const list = peers.data?.peers ?? [];
	const deviceId = query?.deviceId ?? (list.find(({ connected }) => connected) ?? list[0])?.deviceId;
	const sessionId = query?.sessionId ?? null;
	return (
		<div className="flex h-[calc(100dvh-4.0625rem)] min-h-120 flex-col">
			<div className={sessionId === null ? "" : "max-lg:hidden"}>
				<DashboardNav current="sessions" />
			</div>
			<div className="frame flex min-h-0 flex-1 flex-col">
				{deviceId === undefined ? (
					<NoDevice peers={peers} />
				) : (
					<SessionsOfDevice key={deviceId} deviceId={deviceId} sessionId={sessionId} peers={list} />
				)}
			</div>
		</div>
	);
}

function NoDevice({ peers: { data, error, asking, retry } }: { readonly peers: ReturnType<typeof usePeers> }) {
	const { host, pageHref } = useDashboardPlace();
	return (
		<div className="py-8">
			<h1 className="mb-6 text-xl font-semibold tracking-tight">Sessions</h1>
			{error === undefined ? null : <HostProblem error={error} retry={retry} retrying={asking} />}
			{data === undefined && error === undefined ? <Spinner label="Asking the host for your devices" showLabel /> : null}
			{data === undefined ? null : (
				<EmptyState
					title="No computer of yours has joined yet"
					action={<ButtonLink href={pageHref("devices", host.id)}>See how one joins</ButtonLink>}
				>
					Sessions are kept on your computers, not on {host.name}. They show here while their computer is joined.
				</EmptyState>
			)}
		</div>
	);
}

interface SessionsOfDeviceProps {
	readonly deviceId: string;
	readonly sessionId: string | null;
	readonly peers: readonly Peer[];
}

function SessionsOfDevice({ deviceId, sessionId, peers }: SessionsOfDeviceProps) {
	const { client: host } = useDashboardPlace();
	const devices = useDevicePlace();
	const client = useMemo(() => devices.client(deviceId), [devices, deviceId]);
	const [search, setSearch] = useState("");
	const words = useDeferredValue(search.trim());
	const sessions = useHostData(
		[host.baseUrl, `sessions:${deviceId}:${words}`],
		() => client.listSessions({ limit: mostSessions, ...(words === "" ? {} : { query: words }) }),
		{ refreshMs: () => listRefreshMs, keepsPrevious: true },
	);
	const status = useHostData([host.baseUrl, `status:${deviceId}`], () => client.status(), { refreshMs: () => statusRefreshMs });
	const peer = peers.find((entry) => entry.deviceId === deviceId);
	const deviceName = peer?.name ?? devices.own?.find(({ id }) => id === deviceId)?.name ?? "Your computer";
	const allowed = status.data?.reach.allow;
	const workspaces = [...new Set(sessions.data?.sessions.map(({ metadata }) => metadata.workspace) ?? [])];
	return (
		<div className="flex min-h-0 flex-1 lg:gap-8">
			<div
				className={`flex min-h-0 w-full flex-col lg:w-80 lg:shrink-0 lg:border-r lg:border-line lg:pr-4 ${sessionId === null ? "" : "max-lg:hidden"}`}
			>
				<div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pt-4">
					{sessionId === null ? (
						<h1 className="text-xl font-semibold tracking-tight">Sessions</h1>
					) : (
						<p className="text-xl font-semibold tracking-tight">Sessions</p>
					)}
					<DevicePicker deviceId={deviceId} deviceName={deviceName} peers={peers} />
				</div>
				{allowed?.includes("turns") === false ? (
					<div className="border-b border-line py-3">
						<GrantNotice deviceName={deviceName} allowed={allowed} missing="turns" />
					</div>
				) : (
					<NewSession client={client} deviceId={deviceId} workspaces={workspaces} />
				)}
				<SessionList
					deviceId={deviceId}
					deviceName={deviceName}
					sessions={sessions}
					search={search}
					setSearch={setSearch}
					current={sessionId}
				/>
			</div>
			{sessionId === null ? (
				<p className="flex-1 py-6 text-muted max-lg:hidden">Choose a session to follow it here.</p>
			) : (
				<DeviceSession
					key={sessionId}
					signInError={sessions.error !== undefined && isSignedOut(sessions.error) ? sessions.error : null}
					client={client}
					sessionId={sessionId}
					deviceId={deviceId}
					deviceName={deviceName}
					peer={peer}
					allowed={allowed}
				/>
			)}
		</div>
	);
}

interface DevicePickerProps {
	readonly deviceId: string;
	readonly deviceName: string;
	readonly peers: readonly Peer[];
}

function DevicePicker({ deviceId, deviceName, peers }: DevicePickerProps) {
	const { sessionsHref } = useDevicePlace();
	const others = peers.filter((peer) => peer.deviceId !== deviceId);
	return (
		<label className="flex min-w-0 items-center gap-2 text-sm text-muted">
			On
			<select
				value={deviceId}
				onChange={(event) => goTo(sessionsHref(event.target.value))}
				className="h-9 min-w-0 rounded-md border border-edge bg-surface px-2 text-ink"
			>
				<option value={deviceId}>{deviceName}</option>
				{others.map((peer) => (
					<option key={peer.deviceId} value={peer.deviceId}>
						{peer.connected ? peer.name : `${peer.name} (gone)`}
					</option>
				))}
			</select>
		</label>
	);
}
