import { randomUUID } from "node:crypto";
import { Duplex } from "node:stream";
import type { TicketClaims } from "@opta/contracts/schema/pass";
import type { Link, LinkEnd } from "@opta/reach/link/link";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openPeers } from "./open-peers.ts";

/** A link without a connection. */
function looseLink(): Link & { readonly closed: LinkEnd[] } {
	const { promise: ended, resolve } = Promise.withResolvers<LinkEnd>();
	const closed: LinkEnd[] = [];
	return {
		closed,
		ended,
		openStream: () => new Duplex(),
		streamCount: () => 0,
		close(end) {
			closed.push(end);
			resolve(end);
		},
	};
}

function ticketOf(deviceId: string, sub: string, iat = 1): TicketClaims & { readonly deviceId: string } {
	const claims = { iss: "", aud: "", sub, role: "viewer", jti: randomUUID(), iat, exp: iat + 30 } as const;
	return { ...claims, path: "/link", origin: null, deviceId, cnf: { jkt: "k" } };
}

const hello = { name: "Laptop", build: "test" };

/** Lets the ends of links that were closed be heard. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("openPeers", () => {
	it("forgets who left first, of the same person where that one has too many", async () => {
		const peers = openPeers({ limits: { maxRemembered: 3, maxRememberedPerPerson: 2 }, onEnd: () => undefined });
		const comeAndGo = async (deviceId: string, sub: string): Promise<void> => {
			const link = looseLink();
			peers.reserve(ticketOf(deviceId, sub))?.take(link, hello);
			link.close({ cause: "closed", message: "" });
			await settle();
		};
		const [one, other, third] = [randomUUID(), randomUUID(), randomUUID()];
		const known = (sub: string): string[] => peers.list(sub).map(({ deviceId }) => deviceId);
		await comeAndGo("a", other);
		for (const deviceId of ["b", "c", "d"]) {
			await comeAndGo(deviceId, one);
		}
		expect([known(one), known(other)]).toEqual([["d", "c"], ["a"]]);
		await comeAndGo("e", third);
		expect([known(one), known(other), known(third)]).toEqual([["d", "c"], [], ["e"]]);
		await comeAndGo("c", one);
		expect(known(one)).toEqual(["c", "d"]);
	});

	it("takes no link whose ticket was revoked while it was being opened", () => {
		const peers = openPeers({ onEnd: () => undefined });
		const place = peers.reserve(ticketOf("a", randomUUID()));
		expect(peers.endRevoked(() => true)).toBe(1);
		const link = looseLink();
		place?.take(link, hello);
		expect([peers.count(), link.closed.map(({ cause }) => cause)]).toEqual([0, ["revoked"]]);
	});

	it("gives a place back that was not taken", () => {
		const peers = openPeers({ limits: { maxLinks: 1 }, onEnd: () => undefined });
		const place = peers.reserve(ticketOf("a", randomUUID()));
		expect(peers.reserve(ticketOf("b", randomUUID()))).toBeNull();
		place?.release();
		expect(peers.reserve(ticketOf("b", randomUUID()))).not.toBeNull();
	});

	it("has one link for each device, the newest, and shows it to its person alone, whoever comes and goes", async () => {
		const subs = [randomUUID(), randomUUID()];
		const step = fc.record({ device: fc.nat({ max: 3 }), sub: fc.nat({ max: 1 }), act: fc.constantFrom("join", "leave", "revoke") });
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
				const peers = openPeers({ onEnd: () => undefined });
				const model = new Map<string, { sub: string; link: ReturnType<typeof looseLink> | null }>();
				for (const { device, sub: whose, act } of steps) {
					const [deviceId, sub] = [`device-${device}`, subs[whose] ?? ""];
					const known = model.get(deviceId);
					if (act === "join") {
						const link = looseLink();
						peers.reserve(ticketOf(deviceId, sub))?.take(link, hello);
						expect(known?.link?.closed.map(({ cause }) => cause) ?? ["replaced"]).toEqual(["replaced"]);
						model.set(deviceId, { sub, link });
					} else if (act === "leave" && known !== undefined) {
						known.link?.close({ cause: "lost", message: "" });
						model.set(deviceId, { sub: known.sub, link: null });
					} else if (act === "revoke") {
						const theirs = [...model].filter(([, peer]) => peer.sub === sub && peer.link !== null);
						expect(peers.endRevoked((claims) => claims.sub === sub)).toBe(theirs.length);
						for (const [id] of theirs) {
							model.set(id, { sub, link: null });
						}
					}
					await settle();
					for (const asking of subs) {
						const own = [...model].filter(([, peer]) => peer.sub === asking);
						expect(
							peers
								.list(asking)
								.map((peer) => `${peer.deviceId} ${peer.connected}`)
								.sort(),
						).toEqual(own.map(([id, peer]) => `${id} ${peer.link !== null}`).sort());
						for (const [id, peer] of model) {
							const found = peers.find(id, asking);
							expect(found.state).toBe(peer.sub !== asking ? "unknown" : peer.link === null ? "gone" : "joined");
							expect(found.state === "joined" ? found.link : null).toBe(found.state === "joined" ? peer.link : null);
						}
					}
				}
			}),
			{ numRuns: 60 },
		);
	});
});
