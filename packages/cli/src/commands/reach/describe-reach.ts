import type { LinkState, ReachStatus, RemoteUse } from "@opta/contracts/schema/daemon-status";
import { formatAge } from "../../terminal/format-quantity.ts";

const ways = { lan: "in its own network", door: "through its tunnel" } as const;

/** How the link is, in words. */
export function describeLink(link: LinkState, nowMs: number): string {
	switch (link.state) {
		case "off":
			return "off";
		case "signedOut":
			return "nobody is signed in: opta account login";
		case "connecting":
			return "connecting";
		case "joined":
			return `joined ${ways[link.via]} (${link.address}), since ${formatAge(link.since, nowMs)}`;
		case "waiting":
			return `${link.reason} Next try in ${Math.max(0, Math.ceil((Date.parse(link.nextTryAt) - nowMs) / 1000))} s.`;
		case "refused":
			return link.reason;
	}
}

function describeUse({ at, method, route, status, clientName }: RemoteUse, nowMs: number): string[] {
	return ["", `${formatAge(at, nowMs)}  ${clientName}  ${method} ${route}  ${status ?? "goes on"}`];
}

/** What people read of it, as rows of a table. */
export function describeReach({ host, allow, link, lastUses }: ReachStatus, nowMs: number): string[][] {
	if (host === null) {
		return [["reach", "off; sessions are seen on this computer only. Join a host: opta reach on"]];
	}
	return [
		["host", host.name ?? host.id],
		["link", describeLink(link, nowMs)],
		["allowed", allow.length === 0 ? "nothing" : allow.join(", ")],
		["last uses", lastUses.length === 0 ? "none since the daemon started" : ""],
		...lastUses.map((use) => describeUse(use, nowMs)),
	];
}
