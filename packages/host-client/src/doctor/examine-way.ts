import { build } from "@opta/contracts/build";
import { judgeClock } from "@opta/contracts/clock-skew";
import { compareBuilds } from "@opta/contracts/compare-builds";
import { broken, type CheckOutcome, fine, runCheck, skipped } from "@opta/contracts/doctor-check";
import { type DoctorLayer, inLayerOrder } from "@opta/contracts/doctor-layers";
import type { DoctorCheck } from "@opta/contracts/schema/doctor";
import { askDoor } from "./ask-door.ts";
import { reachDoor } from "./reach-door.ts";

/** A pass for the host, or why accounts gave none, with the HTTP status of the refusal. */
export type TakenPass =
	| { readonly ok: true; readonly pass: string; readonly role: string }
	| { readonly ok: false; readonly status: number; readonly message: string };

/** Where the host's door is, or why that is not known. */
export type FoundDoor =
	| { readonly state: "found"; readonly doorUrl: string }
	| { readonly state: "none" }
	| { readonly state: "unavailable" };

/** How a program gets to a host for a signed-in person. */
export interface WayParts {
	/** As in "site 0.1.0 and door 0.1.0". */
	readonly program: string;
	readonly takePass: () => Promise<TakenPass>;
	readonly findDoor: () => Promise<FoundDoor>;
	/** Doors that are not of the internet are connected to as well: the program runs on a person's own computer. */
	readonly allowsPrivate: boolean;
}

const stepLimitMs = 12_000;
const doorLimitMs = 20_000;
/** What only the door sees. */
const layersBehindDoor: readonly DoctorLayer[] = ["door", "lmx", "daemon", "peers", "clock", "versions", "address"];

function check(layer: DoctorLayer, name: string, look: () => CheckOutcome | Promise<CheckOutcome>): Promise<DoctorCheck> {
	const timeLimitMs = layer === "tunnel" ? doorLimitMs : stepLimitMs;
	return runCheck({ layer, name, timeLimitMs, fixWhenLate: "Try again in a moment; see status.optalocal.com." }, look);
}

function skipAll(layers: readonly DoctorLayer[], why: string): Promise<readonly DoctorCheck[]> {
	return Promise.all(layers.map((layer) => check(layer, layer, () => skipped(why))));
}

function judgeMembership(pass: TakenPass): CheckOutcome {
	if (pass.ok) {
		return fine(`You are ${pass.role} of this host.`);
	}
	switch (pass.status) {
		case 403:
		case 404:
			return broken("You are no member of this host, or it was revoked.", "Ask its owner for an invitation, or choose another host.");
		case 401:
			return broken(pass.message, "Sign in again.");
		case 410:
			return broken(pass.message, "Claim it again on the host: npm run host -- claim --again");
		default:
			return broken(pass.message, "Try again in a moment; see status.optalocal.com.");
	}
}

function judgeLookup(door: FoundDoor): CheckOutcome {
	switch (door.state) {
		case "found":
			return fine("The host has registered its public address.");
		case "none":
			return broken("The host has registered no public address.", "Start its tunnel on the host: npm run host -- --tunnel quick");
		case "unavailable":
			return broken("The list of hosts cannot be read.", "Try again in a moment; see status.optalocal.com.");
	}
}

async function walk({ program, takePass, findDoor, allowsPrivate }: WayParts): Promise<readonly DoctorCheck[]> {
	const pass = await takePass();
	const membership = await check("membership", "membership", () => judgeMembership(pass));
	if (!pass.ok) {
		return [membership, ...(await skipAll(["site", "tunnel", ...layersBehindDoor], "Not tried: without a membership there is no way in."))];
	}
	const door = await findDoor();
	const lookup = await check("site", "address", () => judgeLookup(door));
	const unreached = "Not tried: the door cannot be reached.";
	if (door.state !== "found") {
		return [membership, lookup, ...(await skipAll(["tunnel", ...layersBehindDoor], unreached))];
	}
	const way = await reachDoor({ doorUrl: door.doorUrl, allowsPrivate });
	if (!way.isOpen) {
		return [membership, lookup, ...way.checks, ...(await skipAll(["tunnel", ...layersBehindDoor], unreached))];
	}
	const asking = askDoor(door.doorUrl, pass.pass);
	const tunnel = await check("tunnel", `way from ${program}`, async () => (await asking).tunnel);
	const asked = await asking;
	const before = [membership, lookup, ...way.checks, tunnel];
	if (asked.door === null) {
		return [...before, ...(await skipAll(layersBehindDoor, unreached))];
	}
	const { door: outcome, report, skewMs } = asked;
	const own = [
		...before,
		await check("door", "door", () => outcome),
		await check("clock", `host and ${program}`, () => judgeClock(skewMs, "the host")),
	];
	if (report === null) {
		const behind = layersBehindDoor.filter((layer) => layer !== "door" && layer !== "clock");
		return [...own, ...(await skipAll(behind, "Not known: the door does not tell."))];
	}
	const builds = [
		{ program, build },
		{ program: "door", build: report.build },
	];
	return [...own, await check("versions", `${program} and host`, () => compareBuilds(builds)), ...report.checks];
}

/**
 * The layers between a signed-in person's program and a host's models, from the outside in. The first that is broken says
 * how to mend it; what lies behind it is skipped. Rejects only where `takePass` or `findDoor` does.
 */
export async function examineWay(parts: WayParts): Promise<readonly DoctorCheck[]> {
	return inLayerOrder(await walk(parts));
}
