import { randomUUID } from "node:crypto";
import { deviceAudience } from "@opta/contracts/pass";
import { devicePassHeader, linkPath } from "@opta/contracts/reach";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { joinLink } from "@opta/reach/link/join-link";
import type { JoinedLink, JoinLinkOptions, Link, LinkKey } from "@opta/reach/link/link";
import type { PassChanges, PassMaker } from "@opta/reach/testing/pass-maker";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { createStandInServer, type StandInServer } from "./stand-in-server.ts";

/** Who joins, and what a test changes of how. */
export interface JoiningDevice {
	/** The person whose device it is. */
	readonly sub?: string;
	readonly deviceId?: string;
	/** Origin of the door or the link listener; the bench's door when left out. */
	readonly url?: string;
	readonly ticket?: PassChanges;
	readonly link?: Partial<JoinLinkOptions>;
	/** The daemon behind the link; one of its own when left out. */
	readonly daemon?: StandInServer;
}

/** A device that is joined to the bench's host, with a stand-in for its daemon behind the link. */
export interface BenchDevice {
	readonly deviceId: string;
	readonly sub: string;
	readonly link: Link;
	readonly daemon: StandInServer;
	/** Headers with which this device's person asks for something at the device: a pass for the host, and one for the device. */
	readonly headers: () => Promise<Record<string, string>>;
	/** Path of the daemon's path behind the door. */
	readonly path: (path: string) => string;
}

/** Makes a device's key pair. */
export async function createBenchKey(): Promise<LinkKey> {
	const { x = "", y = "", d = "" } = await exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey);
	return { kty: "EC", crv: "P-256", x, y, d };
}

function publicHalf({ kty, crv, x, y }: HostIdentity["key"]): JoinLinkOptions["hostKey"] {
	return { kty, crv, x, y };
}

/** Tries to join as a device; the link carries connections to its daemon. */
export async function tryToJoin(
	passes: PassMaker,
	doorUrl: string,
	{ sub = randomUUID(), deviceId = randomUUID(), daemon = createStandInServer(), ...wish }: JoiningDevice,
): Promise<{ readonly joined: JoinedLink; readonly device: (link: Link) => BenchDevice }> {
	const deviceKey = await createBenchKey();
	const cnf = { jkt: await calculateJwkThumbprint(deviceKey) };
	const claims = { sub, deviceId, cnf, ...wish.ticket?.claims };
	const joined = await joinLink({
		url: wish.url ?? doorUrl,
		ticket: await passes.makeTicket({ path: linkPath, origin: null }, { ...wish.ticket, claims }),
		hostId: passes.identity.hostId,
		hostKey: publicHalf(passes.identity.key),
		deviceId,
		deviceKey,
		hello: { name: "Laptop", build: "test" },
		onStream: (stream) => daemon.server.emit("connection", stream),
		timeoutMs: 10_000,
		signal: new AbortController().signal,
		...wish.link,
	});
	const device = (link: Link): BenchDevice => ({
		deviceId,
		sub,
		link,
		daemon,
		headers: async () => ({
			authorization: `Bearer ${await passes.make("viewer", { claims: { sub } })}`,
			[devicePassHeader]: await passes.makeFor(deviceAudience(deviceId), "owner", { claims: { sub } }),
		}),
		path: (path) => `/peers/${deviceId}${path}`,
	});
	return { joined, device };
}
