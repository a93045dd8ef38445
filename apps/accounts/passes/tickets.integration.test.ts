import { randomUUID, randomUUIDv7 } from "node:crypto";
import { thumbprintOf } from "@opta/auth/device-credential/device-key";
import { requestPass } from "@opta/auth/pass-request";
import { deviceAudience, hostAudience } from "@opta/contracts/pass";
import { passResponseSchema, type TicketUse } from "@opta/contracts/schema/pass";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPinnedKeys } from "../../../packages/reach/src/pass/pinned-keys.ts";
import { createRevokedPasses } from "../../../packages/reach/src/pass/revoked-passes.ts";
import { createPassVerifier } from "../../../packages/reach/src/pass/verify-pass.ts";
import { createTicketVerifier } from "../../../packages/reach/src/pass/verify-ticket.ts";
import { readDevice } from "../devices/read-device.ts";
import { listDeviceHosts } from "../presence/list-device-hosts.ts";
import type { AccountsBench } from "../testing/accounts-bench.ts";
import { startDeviceBench } from "../testing/device-bench.ts";
import { type SignedInDevice, signInDaemon } from "../testing/signed-in-device.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";
import { issuePass } from "./issue-pass.ts";

let bench: AccountsBench;
let addressing: SiteAddressing;
let stop: () => Promise<void>;
/** Owner of the host. */
let ada: Visitor;
let eve: Visitor;
let laptop: SignedInDevice;

beforeAll(async () => {
	({ bench, stop } = await startDeviceBench((context) => ({
		"POST /api/pass": (request) => issuePass(context, request),
		"GET /api/device/hosts": (request) => listDeviceHosts(context, request),
	})));
	({ addressing } = bench.context.configuration);
	ada = await signedUp(bench, "ada@example.org");
	eve = await signedUp(bench, "eve@example.org");
	laptop = await signInDaemon(bench, ada);
});
afterAll(() => stop());

const dashboard = () => siteOrigin(addressing, "lmx");
const toHost = () => ({ hostId: bench.hostId });
/** As a site asks: with the key by which it speaks to devices. */
const keyThumbprint = "k".repeat(43);
const toLaptop = () => ({ deviceId: laptop.credential.deviceId, keyThumbprint });

/** Asks as a site does for a signed-in person. */
function ask(visitor: Visitor, target: Parameters<typeof requestPass>[2], ticket?: TicketUse) {
	return requestPass(addressing, visitor.tokens.accessToken, target, ticket);
}

async function given(...asked: Parameters<typeof ask>): Promise<string> {
	const result = await ask(...asked);
	expect(result).toMatchObject({ ok: true });
	return result.ok ? result.pass : "";
}

/** What a host or device does with what it is sent. */
function verifiers(audience: string) {
	const issuer = siteOrigin(addressing, "accounts");
	const pinned = bench.context.signer.jwks.keys as unknown as Parameters<typeof createPinnedKeys>[0]["pinned"];
	const keys = createPinnedKeys({
		...{ issuer, pinned, fetchStatements: async () => [] },
		...{ store: async () => undefined, report: () => undefined },
	});
	const options = { issuer, audience, keys, revoked: createRevokedPasses() };
	return { pass: createPassVerifier(options), ticket: createTicketVerifier(options) };
}

describe("a pass for a device", () => {
	it("is given to its person alone, as owner, and opens that device and no host", async () => {
		const pass = await given(ada, toLaptop());
		const { deviceId } = laptop.credential;
		expect(await verifiers(deviceAudience(deviceId)).pass(pass)).toMatchObject({
			ok: true,
			claims: { role: "owner", cnf: { jkt: keyThumbprint } },
		});
		expect(await verifiers(hostAudience(bench.hostId)).pass(pass)).toMatchObject({ ok: false });
		expect(await verifiers(deviceAudience(randomUUIDv7())).pass(pass)).toMatchObject({ ok: false });
		expect(await ask(eve, toLaptop())).toMatchObject({ ok: false, status: 404, body: { error: { code: "not_found" } } });
		expect(await ask(eve, toLaptop(), { path: "/v3/ws", origin: null })).toMatchObject({ ok: false, status: 404 });
		expect(await ask(ada, { deviceId: randomUUIDv7(), keyThumbprint })).toMatchObject({ ok: false, status: 404 });
	});

	it("is given to another device of the same person, and to nobody else's", async () => {
		const [desk, foreign] = [await signInDaemon(bench, ada, "Desk"), await signInDaemon(bench, eve, "Eve's")];
		const body = toLaptop();
		const call = { method: "POST", path: "/api/pass", schema: passResponseSchema, body } as const;
		const answer = await desk.session.call(call);
		const own = { deviceId: desk.credential.deviceId, cnf: { jkt: await thumbprintOf(desk.credential.key) } };
		expect(decodeJwt(answer.ok ? answer.value.pass : "")).toMatchObject({ role: "owner", ...own });
		expect(await foreign.session.call(call)).toMatchObject({ ok: false, code: "not_found" });
	});

	it("is not given once the device was signed out", async () => {
		const gone = await signInDaemon(bench, ada, "Gone");
		const target = { deviceId: gone.credential.deviceId, keyThumbprint };
		await given(ada, target);
		await gone.session.signOut();
		expect(await ask(ada, target)).toMatchObject({ ok: false, status: 404 });
	});
});

describe("a ticket", () => {
	it("opens one path from one origin once, at whom it is for", async () => {
		const use = { path: "/v1/chat/stream", origin: dashboard() };
		const home = verifiers(hostAudience(bench.hostId));
		const ticket = await given(ada, toHost(), use);
		expect(await home.ticket(ticket, { ...use, path: "/link" })).toMatchObject({ ok: false });
		expect(await home.ticket(ticket, { ...use, origin: "https://evil.example" })).toMatchObject({ ok: false });
		expect(await home.ticket(ticket, use)).toMatchObject({ ok: true, claims: { role: "owner", exp: expect.any(Number) } });
		expect(await home.ticket(ticket, use)).toMatchObject({ ok: false });
		const { iat = 0, exp = 0 } = decodeJwt(ticket);
		expect(exp - iat).toBe(30);
	});

	it("is no pass, no device's token and no person's, and a pass is no ticket", async () => {
		const use = { path: "/link", origin: null };
		const home = verifiers(hostAudience(bench.hostId));
		const [ticket, pass] = [await given(ada, toHost(), use), await given(ada, toHost())];
		expect(await home.pass(ticket)).toMatchObject({ ok: false });
		expect(await home.ticket(pass, use)).toMatchObject({ ok: false });
		expect(await readDevice(bench.context, ticket)).toEqual({ state: "none" });
		expect(await requestPass(addressing, ticket, toHost())).toMatchObject({ ok: false, status: 401 });
	});

	it.each(["https://evil.example", "null", "http://accounts.optalocal.localhost", "HTTP://LMX.OPTALOCAL.LOCALHOST"])(
		"is not given to a page of %s",
		async (origin) => {
			const answer = await ask(ada, toHost(), { path: "/v3/ws", origin });
			expect(answer).toMatchObject({ ok: false });
			expect([400, 403]).toContain(answer.ok ? 200 : answer.status);
		},
	);

	it.each(["", "/", "link", "//evil.example/x", "/v3/../admin", "/v3/ws?token=1", "/a b", "/%2e%2e/", `/${"a".repeat(256)}`])(
		"is not given for the path %j",
		async (path) => {
			expect(await ask(ada, toHost(), { path, origin: null })).toMatchObject({ ok: false, status: 400 });
		},
	);

	it("needs the membership that a pass needs", async () => {
		expect(await ask(eve, toHost(), { path: "/v1/chat/stream", origin: dashboard() })).toMatchObject({ ok: false, status: 404 });
		expect(await ask(ada, { hostId: randomUUID() }, { path: "/link", origin: null })).toMatchObject({ ok: false, status: 404 });
	});
});

describe("a device", () => {
	it("gets passes and tickets that name it and its key; a site's name neither", async () => {
		const named = { deviceId: laptop.credential.deviceId, cnf: { jkt: await thumbprintOf(laptop.credential.key) } };
		const use = { path: "/link", origin: null };
		const [pass, ticket] = [await laptop.session.requestPass(bench.hostId), await laptop.session.requestTicket(bench.hostId, use)];
		expect(decodeJwt(pass.ok ? pass.value.pass : "")).toMatchObject(named);
		const read = await verifiers(hostAudience(bench.hostId)).ticket(ticket.ok ? ticket.value.pass : "", use);
		expect(read).toMatchObject({ ok: true, claims: { ...named, sub: laptop.credential.userId } });
		const ofSite = decodeJwt(await given(ada, toHost()));
		expect([ofSite.deviceId, ofSite.cnf]).toEqual([undefined, undefined]);
	});

	it("is told its person's hosts, where each is and the key that it has to show; a stranger's device none", async () => {
		const hosts = await laptop.session.listHosts();
		expect(hosts).toMatchObject({
			ok: true,
			value: [{ id: bench.hostId, role: "owner", doorUrl: "http://127.0.0.1:8788", lanUrls: [], key: { kty: "EC", crv: "P-256" } }],
		});
		const foreign = await signInDaemon(bench, eve, "Eve's");
		expect(await foreign.session.listHosts()).toEqual({ ok: true, value: [] });
		const at = `${addressing.scheme}://127.0.0.1:${new URL(siteOrigin(addressing, "accounts")).port}/api/device/hosts`;
		expect((await fetch(at)).status).toBe(401);
		expect((await fetch(at, { headers: { authorization: `Bearer ${ada.tokens.accessToken}` } })).status).toBe(401);
	});
});

it("is not asked for with a body that is large or does not say how large, whoever asks", async () => {
	const url = `http://127.0.0.1:${new URL(siteOrigin(addressing, "accounts")).port}/api/pass`;
	const headers = { authorization: "Bearer n.o.t", "content-type": "application/json" };
	const large = await fetch(url, { method: "POST", headers, body: JSON.stringify({ hostId: "x".repeat(10_000) }) });
	expect([large.status, (await large.json()).error.code]).toEqual([413, "payload_too_large"]);
	const endless = new Blob(["{}"]).stream();
	const untold = await fetch(url, { method: "POST", headers, body: endless, duplex: "half" } as RequestInit);
	expect([untold.status, (await untold.json()).error.code]).toEqual([413, "payload_too_large"]);
});
