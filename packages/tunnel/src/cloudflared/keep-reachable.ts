import { networkInterfaces } from "node:os";
import { build } from "@opta/contracts/build";
import type { TunnelView } from "@opta/contracts/schema/process-message";
import type { AccountsClient } from "../accounts/accounts-client.ts";
import { keepPresence } from "../accounts/keep-presence.ts";
import { lanUrls } from "../accounts/lan-urls.ts";
import { type OpenTunnelOptions, openTunnel } from "./open-tunnel.ts";

/** What makes a door known and reached from elsewhere. */
export interface KeepReachableOptions extends Omit<OpenTunnelOptions, "onChange"> {
	/** Port of the link listener in the own network; null where there is none. */
	readonly linkPort: number | null;
	/** Names that the door answers to besides its own: the tunnel's is kept in here. */
	readonly publicHosts: Set<string>;
	readonly accounts: Pick<AccountsClient, "postPresence">;
	/** Told on every change of the tunnel. */
	readonly onTunnel: (view: TunnelView) => void;
}

/** A door that is kept reachable. */
export interface Reachable {
	/** How the tunnel stands; null where there is none. */
	readonly tunnel: () => TunnelView | null;
	/** Ends the tunnel and the presence. */
	readonly stop: () => Promise<void>;
}

/** The door's reach, or one line for a person. */
export type ReachableResult = { readonly ok: true; readonly reachable: Reachable } | { readonly ok: false; readonly message: string };

/** Opens the tunnel where one is wanted, lets the door answer to its name, and tells accounts where the host is. */
export function keepReachable(options: KeepReachableOptions): ReachableResult {
	const { publicHosts, linkPort, logger, accounts } = options;
	const ending = new AbortController();
	let doorUrl: string | null = null;
	let tellPresence = (): void => undefined;

	const opened = openTunnel({
		...options,
		onChange(view) {
			if (view.publicUrl !== doorUrl) {
				doorUrl = view.publicUrl;
				publicHosts.clear();
				if (doorUrl !== null) {
					publicHosts.add(new URL(doorUrl).hostname);
				}
				tellPresence();
			}
			options.onTunnel(view);
		},
	});
	if (!opened.ok) {
		return opened;
	}
	const presence = keepPresence(
		{
			post: accounts.postPresence,
			read: () => ({ version: build, doorUrl, lanUrls: linkPort === null ? [] : [...lanUrls(linkPort, networkInterfaces())] }),
			onTaken: (taken, err) => {
				if (taken) {
					logger.info({ doorUrl }, "accounts knows where this host is");
				} else {
					logger.warn({ err }, "accounts cannot be told where this host is; it is told again soon");
				}
			},
		},
		ending.signal,
	);
	tellPresence = presence.changed;
	const { tunnel } = opened;
	return {
		ok: true,
		reachable: {
			tunnel: () => tunnel?.view() ?? null,
			stop: async () => {
				ending.abort();
				await tunnel?.stop();
			},
		},
	};
}
