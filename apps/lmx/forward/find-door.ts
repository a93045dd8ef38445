import "server-only";
import { createDataClient } from "@opta/auth/data-client";
import { authAddressing } from "@opta/auth/env";
import { isLocal } from "@opta/contracts/addressing";
import { type DoorUrl, parseDoorUrl } from "./door-url.ts";

/** Where a host's door is, or why that is not known. */
export type DoorLookup =
	| { readonly state: "found"; readonly doorUrl: DoorUrl }
	| { readonly state: "none" }
	| { readonly state: "unavailable" };

const keptMs = 30_000;
const mostKept = 1_000;

const kept = new Map<string, { readonly doorUrl: DoorUrl; readonly untilMs: number }>();

/**
 * Looks a host's door up under the person's own rights, and keeps it for half a minute. Call it for a host that the
 * person has a pass for: what is kept is not asked for again under their rights.
 */
export async function findDoor(accessToken: string, hostId: string): Promise<DoorLookup> {
	const known = kept.get(hostId);
	if (known !== undefined && known.untilMs > Date.now()) {
		return { state: "found", doorUrl: known.doorUrl };
	}
	const { data, error } = await createDataClient(accessToken).from("hosts").select("door_url").eq("id", hostId).maybeSingle();
	if (error !== null) {
		return { state: "unavailable" };
	}
	const text: unknown = data?.door_url;
	const doorUrl = parseDoorUrl(typeof text === "string" ? text : null, isLocal(authAddressing()));
	if (doorUrl === null) {
		return { state: "none" };
	}
	if (kept.size >= mostKept) {
		kept.clear();
	}
	kept.set(hostId, { doorUrl, untilMs: Date.now() + keptMs });
	return { state: "found", doorUrl };
}
