import type { PassResult } from "@opta/auth/pass-cache";
import { build } from "@opta/contracts/build";
import { clockSkewMs, judgeClock } from "@opta/contracts/clock-skew";
import { compareBuilds } from "@opta/contracts/compare-builds";
import { broken, type CheckOutcome, fine, runCheck, skipped } from "@opta/contracts/doctor-check";
import { type DoctorCheck, type DoctorLayer, type DoctorReport, doctorLayers } from "@opta/contracts/schema/doctor";
import type { DoorLookup } from "../forward/find-door.ts";
import { askDoor } from "./ask-door.ts";
import { reachDoor } from "./reach-door.ts";

/** How this site gets to a host for a signed-in person. */
export interface HostParts {
	/** When the person's session has to be refreshed. */
	readonly expiresAtMs: number;
	readonly takePass: () => Promise<PassResult>;
	readonly findDoor: () => Promise<DoorLookup>;
	/** The whole platform runs on one machine. */
	readonly isLocal: boolean;
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

function judgeMembership(pass: PassResult): CheckOutcome {
	if (pass.ok) {
		return fine(`You are ${pass.role} of this host.`);
	}
	const { message } = pass.body.error;
	switch (pass.status) {
		case 403:
		case 404:
			return broken("You are no member of this host, or it was revoked.", "Ask its owner for an invitation, or choose another host.");
		case 401:
			return broken(message, "Sign in again.");
		case 410:
			return broken(message, "Claim it again on the host: npm run host -- claim");
		default:
			return broken(message, "Try again in a moment; see status.optalocal.com.");
	}
}

function judgeLookup(door: DoorLookup): CheckOutcome {
	switch (door.state) {
		case "found":
			return fine("The host has registered its public address.");
		case "none":
			return broken("The host has registered no public address.", "Start its tunnel on the host: npm run host -- start");
		case "unavailable":
			return broken("The list of hosts cannot be read.", "Try again in a moment; see status.optalocal.com.");
	}
}

async function examine({ takePass, findDoor, isLocal }: HostParts): Promise<readonly DoctorCheck[]> {
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
	const way = await reachDoor({ doorUrl: door.doorUrl, isLocal });
	if (!way.isOpen) {
		return [membership, lookup, ...way.checks, ...(await skipAll(["tunnel", ...layersBehindDoor], unreached))];
	}
	const asking = askDoor(door.doorUrl, pass.pass);
	const tunnel = await check("tunnel", "way from the site", async () => (await asking).tunnel);
	const asked = await asking;
	const before = [membership, lookup, ...way.checks, tunnel];
	if (asked.door === null) {
		return [...before, ...(await skipAll(layersBehindDoor, unreached))];
	}
	const { door: outcome, report } = asked;
	const own = [
		...before,
		await check("door", "door", () => outcome),
		await check("clock", "host and site", () => judgeClock(clockSkewMs(asked.date, asked.sentAtMs, asked.receivedAtMs), "the host")),
	];
	if (report === null) {
		const behind = layersBehindDoor.filter((layer) => layer !== "door" && layer !== "clock");
		return [...own, ...(await skipAll(behind, "Not known: the door does not tell."))];
	}
	const versions = await check("versions", "site and host", () =>
		compareBuilds([
			{ program: "site", build },
			{ program: "door", build: report.build },
		]),
	);
	return [...own, versions, ...report.checks];
}

/**
 * The layers between a signed-in person and a host's models, from the outside in. The first that is broken says how to mend
 * it; what lies behind it is skipped. Never rejects.
 */
export async function examineHost(parts: HostParts): Promise<DoctorReport> {
	const minutes = Math.max(0, Math.round((parts.expiresAtMs - Date.now()) / 60_000));
	const session = await check("session", "session", () => fine(`You are signed in; the session is refreshed in ${minutes} min.`));
	const place = ({ layer }: DoctorCheck): number => doctorLayers.indexOf(layer);
	const checks = [session, ...(await examine(parts))];
	return { build, at: new Date().toISOString(), checks: checks.toSorted((a, b) => place(a) - place(b)) };
}
