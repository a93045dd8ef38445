import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { broken, type CheckOutcome, fine, runCheck, skipped } from "@opta/contracts/doctor-check";
import { isPublicAddress } from "@opta/contracts/public-address";
import type { DoctorCheck } from "@opta/contracts/schema/doctor";

/** Where a door is looked for. */
export interface DoorPlace {
	readonly doorUrl: string;
	/** Addresses that are not of the internet are connected to as well. */
	readonly allowsPrivate: boolean;
}

/** What was found on the way, and whether the door can be asked. */
export interface WayToDoor {
	readonly checks: readonly DoctorCheck[];
	readonly isOpen: boolean;
}

const stageLimitMs = 4_000;
const restart = "Restart the host: npm run host. A quick tunnel has a new name each time, which the host registers by itself.";

function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

async function connected(socket: Socket, event: "connect" | "secureConnect", signal: AbortSignal): Promise<void> {
	try {
		await once(socket, event, { signal });
	} finally {
		socket.destroy();
	}
}

/** Looks the name up. A door at an address of a server's own network can only be a trick or a mistake. */
async function findAddress(
	{ hostname }: URL,
	allowsPrivate: boolean,
): Promise<{ readonly outcome: CheckOutcome; readonly address: string | null }> {
	let found: LookupAddress;
	try {
		found = await lookup(hostname.replace(/^\[|\]$/g, ""));
	} catch (error) {
		return { outcome: broken(`The DNS does not know ${hostname} (${codeOf(error)}).`, restart), address: null };
	}
	return allowsPrivate || isPublicAddress(found.address)
		? { outcome: fine(`The DNS knows ${hostname}.`), address: found.address }
		: {
				outcome: broken(
					`${hostname} leads to an address that is not of the internet.`,
					"Restart the host with its tunnel, and look that nobody changed the DNS of its name.",
				),
				address: null,
			};
}

/** Goes the way to a door stage by stage, so that a person learns which one is broken. Never rejects. */
export async function reachDoor({ doorUrl, allowsPrivate }: DoorPlace): Promise<WayToDoor> {
	const url = new URL(doorUrl);
	const isTls = url.protocol === "https:";
	const port = Number(url.port) || (isTls ? 443 : 80);
	let address: string | null = null;
	const stages: readonly { readonly name: string; readonly look: (signal: AbortSignal) => Promise<CheckOutcome> }[] = [
		{
			name: "name",
			async look() {
				const found = await findAddress(url, allowsPrivate);
				address = found.address;
				return found.outcome;
			},
		},
		{
			name: "connection",
			async look(signal) {
				try {
					await connected(connectTcp({ host: address ?? "", port }), "connect", signal);
					return fine(`${url.host} takes connections.`);
				} catch (error) {
					return broken(`${url.host} takes no connection (${codeOf(error)}).`, restart);
				}
			},
		},
		{
			name: "TLS",
			async look(signal) {
				if (!isTls) {
					return skipped("Both ends are on one machine and need no TLS.");
				}
				try {
					const servername = isIP(url.hostname) === 0 ? url.hostname : "";
					await connected(connectTls({ host: address ?? "", port, servername, ALPNProtocols: ["http/1.1"] }), "secureConnect", signal);
					return fine(`${url.host} shows a certificate that is good.`);
				} catch (error) {
					return broken(
						`${url.host} shows no certificate that is good (${codeOf(error)}).`,
						"Look at the tunnel's name in the Cloudflare dashboard: its certificate is made there.",
					);
				}
			},
		},
	];
	const checks: DoctorCheck[] = [];
	for (const { name, look } of stages) {
		const subject = { layer: "site", name, timeLimitMs: stageLimitMs, fixWhenLate: restart } as const;
		const isCut = checks.some(({ state }) => state === "failed");
		checks.push(await runCheck(subject, isCut ? () => skipped("Not tried: the stage before it is broken.") : look));
	}
	return { checks, isOpen: checks.every(({ state }) => state !== "failed") };
}
