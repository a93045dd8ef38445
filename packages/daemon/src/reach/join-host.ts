import type { CredentialStore } from "@opta/auth/cli-login/credential";
import type { DeviceSession } from "@opta/auth/cli-login/device-session";
import { SignInError } from "@opta/auth/cli-login/sign-in-error";
import { linkPath } from "@opta/contracts/reach";
import { joinLink } from "@opta/reach/link/join-link";
import type { JoinLinkOptions, Link } from "@opta/reach/link/link";
import type { Egress } from "../egress/egress.ts";
import { firstThatAnswers, usableDoorUrl, usableLanUrls } from "./host-addresses.ts";
import type { ReachPins } from "./reach-pins.ts";
import type { ReachTarget } from "./reach-target.ts";

/** A link to the host, or why there is none. `refused` and `signedOut` need the person. */
export type HostJoin =
	| { readonly ok: true; readonly link: Link; readonly via: "lan" | "door"; readonly address: string }
	| { readonly ok: false; readonly state: "waiting" | "refused" | "signedOut"; readonly reason: string };

/** What joining needs. */
export interface JoinParts {
	readonly target: ReachTarget;
	readonly store: Pick<CredentialStore, "read">;
	readonly session: Pick<DeviceSession, "listHosts" | "requestTicket">;
	readonly pins: Pick<ReachPins, "isHostKey">;
	readonly egress: Pick<Egress, "permitReach" | "assertAllowed">;
	readonly hello: JoinLinkOptions["hello"];
	readonly onStream: JoinLinkOptions["onStream"];
	readonly onHostName: (name: string) => void;
}

const lanTimeoutMs = 2000;
const doorTimeoutMs = 15_000;

const noMember = "You are no member of this host any more, or it was revoked. Choose another one: opta reach on";

function refused(reason: string): HostJoin {
	return { ok: false, state: "refused", reason };
}

function waiting(reason: string): HostJoin {
	return { ok: false, state: "waiting", reason };
}

async function join(parts: JoinParts, where: "lan" | "any", signal: AbortSignal): Promise<HostJoin> {
	const { target, session, egress } = parts;
	const { hostId } = target;
	const credential = await parts.store.read();
	if (credential === null) {
		return { ok: false, state: "signedOut", reason: "Nobody is signed in on this computer. Sign in: opta account login" };
	}
	egress.permitReach([target.accountsOrigin]);
	const listed = await session.listHosts();
	if (!listed.ok) {
		return waiting(listed.message);
	}
	const host = listed.value.find(({ id }) => id === hostId);
	if (host === undefined) {
		return refused(noMember);
	}
	parts.onHostName(host.name);
	if (host.key === null) {
		return refused(
			`Accounts knows no key of ${host.name}. Its owner revokes it there, then claims it on the host: opta host claim --again`,
		);
	}
	if (!(await parts.pins.isHostKey(hostId, host.key))) {
		return refused(
			`${host.name} has another key than when this computer joined it. If it was set up anew, join it again: opta reach on. If not, ask its owner.`,
		);
	}
	const { key: hostKey } = host;
	const lanUrls = usableLanUrls(host);
	const doorUrl = usableDoorUrl(host);
	egress.permitReach([target.accountsOrigin, ...lanUrls, ...(doorUrl === null ? [] : [doorUrl])]);

	const open = async (url: string, via: "lan" | "door", timeoutMs: number): Promise<HostJoin> => {
		egress.assertAllowed(url, "reach");
		const ticket = await session.requestTicket(hostId, { path: linkPath, origin: null });
		if (!ticket.ok) {
			return ticket.code === "forbidden" || ticket.code === "not_found" ? refused(ticket.message) : waiting(ticket.message);
		}
		const joined = await joinLink({
			url,
			ticket: ticket.value.pass,
			hostId,
			hostKey,
			deviceId: target.deviceId,
			deviceKey: credential.key,
			hello: parts.hello,
			onStream: parts.onStream,
			timeoutMs,
			signal,
		});
		return joined.ok ? { ok: true, link: joined.link, via, address: url } : waiting(`${host.name} at ${url}: ${joined.message}`);
	};

	for (const url of lanUrls) {
		egress.assertAllowed(url, "reach");
	}
	const near = await firstThatAnswers(lanUrls, lanTimeoutMs, signal);
	const overLan = near === null ? null : await open(near, "lan", lanTimeoutMs);
	if (overLan?.ok === true || where === "lan" || doorUrl === null || signal.aborted) {
		return overLan ?? waiting(`${host.name} does not answer in this network${doorUrl === null ? " and has no tunnel" : ""}.`);
	}
	return open(doorUrl, "door", doorTimeoutMs);
}

/** Why this computer may not be joined any more, as accounts says it; null where it may. A sign-in that was ended is forgotten on the way. */
export async function objectionOf({ session, target }: Pick<JoinParts, "session" | "target">): Promise<string | null> {
	const listed = await session.listHosts();
	return !listed.ok || listed.value.some(({ id }) => id === target.hostId) ? null : noMember;
}

/** Tries once to join the host: in its own network first, then through its door. Never rejects but for faults of this computer. */
export async function joinHost(parts: JoinParts, where: "lan" | "any", signal: AbortSignal): Promise<HostJoin> {
	try {
		return await join(parts, where, signal);
	} catch (error) {
		if (error instanceof SignInError) {
			return { ok: false, state: error.cause === undefined ? "signedOut" : "waiting", reason: error.message };
		}
		throw error;
	}
}
