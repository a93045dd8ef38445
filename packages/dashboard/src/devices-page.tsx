"use client";

import { buttonClassName } from "@opta/ui/button.tsx";
import { CodeBlock } from "@opta/ui/code-block.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { type ListedDevice, listDevices } from "./devices/device-list.ts";
import { usePeers } from "./devices/use-peers.ts";
import { DashboardNav } from "./host/dashboard-nav.tsx";
import { useDashboardPlace, useDevicePlace } from "./host/dashboard-place.tsx";
import { HostProblem } from "./host/host-problem.tsx";
import { TimeAgo } from "./host/time-ago.tsx";

/** The reader's own computers: which of them can be followed from here, and how others come to be. */
export default function DevicesPage() {
	const { host } = useDashboardPlace();
	const { own, accountHref } = useDevicePlace();
	const { data, error, asking, retry } = usePeers();
	const devices = data === undefined ? undefined : listDevices(data.peers, own ?? []);
	return (
		<>
			<DashboardNav current="devices" />
			<div className="frame pb-24">
				<PageHeader
					title="Devices"
					lead={`Your computers that joined ${host.name}. Their sessions can be followed and answered from here; only you see them.`}
					actions={
						<a href={accountHref} className={buttonClassName("secondary")}>
							Manage devices
						</a>
					}
				/>
				{error === undefined ? null : (
					<div className="mb-6">
						<HostProblem error={error} retry={retry} retrying={asking} tone={data === undefined ? "bad" : "warn"}>
							{data === undefined ? null : <p className="mt-1">The list below is as it was before.</p>}
						</HostProblem>
					</div>
				)}
				{devices === undefined && error === undefined ? <Spinner label="Asking the host for your devices" showLabel /> : null}
				{devices === undefined ? null : <DeviceList devices={devices} />}
				{devices?.some(({ state }) => state === "joined") ? null : <HowToJoin hasOthers={(devices?.length ?? 0) > 0} />}
			</div>
		</>
	);
}

const marks = {
	joined: { state: "ok", label: "joined" },
	gone: { state: "warn", label: "gone" },
	elsewhere: { state: "none", label: "not joined" },
} as const;

function DeviceList({ devices }: { readonly devices: readonly ListedDevice[] }) {
	const { sessionsHref } = useDevicePlace();
	return (
		<ul aria-label="Devices" className="grid gap-3">
			{devices.map((device) => (
				<li
					key={device.id}
					className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 rounded-lg border border-line bg-surface px-5 py-4"
				>
					<div className="min-w-0">
						<h2 className="font-medium wrap-anywhere">{device.name}</h2>
						<p className="mt-1 flex flex-wrap gap-x-4 text-sm text-muted">
							<StateMark {...marks[device.state]} />
							<When device={device} />
							{device.build === null ? null : <span className="font-mono text-[0.8125rem]">{device.build}</span>}
						</p>
					</div>
					{device.state === "elsewhere" ? null : (
						<a href={sessionsHref(device.id)} className={buttonClassName("secondary")}>
							Sessions<span className="sr-only"> of {device.name}</span>
						</a>
					)}
				</li>
			))}
		</ul>
	);
}

function When({ device: { state, at } }: { readonly device: ListedDevice }) {
	if (at === null) {
		return null;
	}
	const before = { joined: "since", gone: "last seen", elsewhere: "signed in, last seen" }[state];
	return (
		<span>
			{before} <TimeAgo time={at} />
		</span>
	);
}

function HowToJoin({ hasOthers }: { readonly hasOthers: boolean }) {
	const { host } = useDashboardPlace();
	return (
		<div className="mt-6">
			<EmptyState title={hasOthers ? "None of them is joined now" : "No computer of yours has joined yet"}>
				<p>
					On the computer whose sessions you want to follow, sign in with this account and switch reach on. Nothing listens there for it:
					the computer calls {host.name} by itself.
				</p>
				<CodeBlock className="mt-4" label="On that computer" prompt code={"opta account login\nopta reach on"} />
				<p className="mt-4">
					From elsewhere you may then look. What else is allowed, answering approvals or starting turns, is set there with{" "}
					<code className="inline-code">opta reach allow</code>.
				</p>
			</EmptyState>
		</div>
	);
}
