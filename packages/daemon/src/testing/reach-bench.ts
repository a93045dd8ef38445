import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { RemoteGrant } from "@opta/contracts/reach";
import type { LinkState } from "@opta/contracts/schema/daemon-status";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
import { type StandInAccounts, startStandInAccounts } from "@opta/reach/testing/stand-in-accounts";
import { type StandInHost, startStandInHost } from "@opta/reach/testing/stand-in-host";
import { expect, vi } from "vitest";
import { homeFiles } from "../platform/home-files.ts";
import { expectValue } from "./daemon-in-process.ts";

/** A request with a body that can be read twice. */
export interface ProvenInit extends RequestInit {
	readonly body?: string;
	readonly headers?: Record<string, string>;
}

/** A daemon that is joined to a host, and the person's accounts. */
export interface ReachBench {
	readonly accounts: StandInAccounts;
	readonly host: StandInHost;
	/** Who comes through the link, with a good pass unless another is given. */
	readonly away: (pass?: string) => Promise<DaemonClient>;
	/** Sends one request through the link, proved by the site's key unless it brings another proof. */
	readonly send: (path: string, pass: string | null, init?: ProvenInit) => Promise<Response>;
	/** Sends one to the daemon at its own address, as the door of a host on the same computer does. */
	readonly sendBeside: (baseUrl: string, path: string, pass: string) => Promise<Response>;
	/** Waits until the link is so. */
	readonly untilLink: (state: LinkState["state"]) => Promise<LinkState>;
	readonly allow: (...grants: readonly RemoteGrant[]) => Promise<void>;
	readonly close: () => Promise<void>;
}

/** Signs the computer of this home in and lets it join a host. */
export async function joinHostFrom(home: string, local: DaemonClient, allow: readonly RemoteGrant[]): Promise<ReachBench> {
	const [accounts, host] = await Promise.all([startStandInAccounts(), startStandInHost()]);
	accounts.hosts = [host.described];
	await writeFile(homeFiles(home).account, JSON.stringify(accounts.credential), { mode: 0o600 });
	const proven = async (url: string, pass: string, init: ProvenInit): Promise<Response> => {
		const { pathname, search } = new URL(url);
		const asked = { method: init.method ?? "GET", target: `${pathname}${search}`, pass };
		const dpop = await accounts.prove(asked, init.body ?? "");
		return fetch(url, { ...init, headers: { dpop, authorization: `Bearer ${pass}`, ...init.headers } });
	};
	const bench: ReachBench = {
		accounts,
		host,
		away: async (pass) => {
			const shown = pass ?? (await accounts.devicePass());
			return createDaemonClient({
				baseUrl: host.peerUrl,
				token: () => shown,
				fetch: (url, init) => proven(String(url), shown, init as ProvenInit),
				clientId: randomUUID(),
				clientName: "phone",
				transport: "events",
			});
		},
		send: (path, pass, init = {}) => (pass === null ? fetch(`${host.peerUrl}${path}`, init) : proven(`${host.peerUrl}${path}`, pass, init)),
		sendBeside: (baseUrl, path, pass) => proven(`${baseUrl}${path}`, pass, {}),
		async untilLink(state) {
			return vi.waitFor(
				async () => {
					const { link } = expectValue(await local.status()).reach;
					expect(link).toMatchObject({ state });
					return link;
				},
				{ timeout: 15_000 },
			);
		},
		allow: async (...grants) => {
			expectValue(await local.patchConfig({ "reach.allow": grants }));
		},
		async close() {
			await host.close();
			await accounts.close();
		},
	};
	expectValue(await local.patchConfig({ "accounts.origin": accounts.origin, "reach.host": host.hostId, "reach.allow": allow }));
	await bench.untilLink("joined");
	return bench;
}
