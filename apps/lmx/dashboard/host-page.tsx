import { requireUser } from "@opta/auth/require-user";
import type { DashboardPageName } from "@opta/dashboard/host/dashboard-place.tsx";
import { readHosts } from "../hosts/read-hosts.ts";
import { readOwnDevices } from "../hosts/read-own-devices.ts";
import { HostNotYours, HostsUnavailable, NoHosts } from "./host-states.tsx";
import { SiteDashboard } from "./site-dashboard.tsx";

/** What a dashboard page of this site is made from. */
export interface HostPageProps {
	readonly page: DashboardPageName;
	readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** A dashboard page for the host in `?host=`, or the person's first one. Signed-out visitors are sent to accounts. */
export async function HostPage({ page, searchParams }: HostPageProps) {
	const session = await requireUser();
	const needsDevices = page === "devices" || page === "sessions";
	const [hosts, ownDevices, { host: wanted }] = await Promise.all([
		readHosts(session),
		needsDevices ? readOwnDevices(session) : null,
		searchParams,
	]);
	if (hosts === null) {
		return <HostsUnavailable />;
	}
	const [first] = hosts;
	if (first === undefined) {
		return <NoHosts />;
	}
	const host = wanted === undefined ? first : hosts.find(({ id }) => id === wanted);
	if (host === undefined) {
		return <HostNotYours />;
	}
	const choices = hosts.map(({ id, name }) => ({ id, name }));
	return (
		<SiteDashboard
			key={host.id}
			page={page}
			host={{ id: host.id, name: host.name }}
			hosts={choices}
			userId={session.user.id}
			ownDevices={ownDevices}
		/>
	);
}
