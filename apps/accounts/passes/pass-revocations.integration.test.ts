import { randomUUID, randomUUIDv7 } from "node:crypto";
import { hostAssertionType, hostAudience } from "@opta/contracts/pass";
import { siteOrigin } from "@opta/contracts/site-url";
import { decodeJwt, importJWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createPinnedKeys } from "../../../packages/reach/src/pass/pinned-keys.ts";
import { createRevokedPasses } from "../../../packages/reach/src/pass/revoked-passes.ts";
import { createPassVerifier } from "../../../packages/reach/src/pass/verify-pass.ts";
import { createPassMaker } from "../../../packages/reach/src/testing/pass-maker.ts";
import { createAccountsClient } from "../../../packages/tunnel/src/accounts/accounts-client.ts";
import { localHostKey } from "../../../supabase/local-host-key.ts";
import { readDevice } from "../devices/read-device.ts";
import { revoke } from "../sessions/revoke.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { serveRoutes } from "../testing/serve-routes.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";
import { issuePass } from "./issue-pass.ts";
import { listPassRevocations } from "./list-pass-revocations.ts";
import { statePassKeys } from "./state-pass-keys.ts";

const portBase = 23_400;
const port = portBase + 3;
let bench: AccountsBench;
let stopRoutes: () => Promise<void>;
let owner: Visitor;
let key: ReturnType<typeof localHostKey>;

beforeAll(async () => {
	bench = await startAccountsBench(portBase);
	stopRoutes = await serveRoutes(port, {
		"GET /api/pass/keys": () => statePassKeys(bench.context),
		"GET /api/pass/revocations": (request) => listPassRevocations(bench.context, request),
	});
	key = localHostKey(bench.secretKey);
	owner = await signedUp(bench, "owner@example.org");
});
afterAll(async () => {
	await stopRoutes();
	await bench.stop();
});

async function passOf(visitor: Visitor): Promise<string> {
	const body = JSON.stringify({ hostId: bench.hostId });
	const headers = { authorization: `Bearer ${visitor.tokens.accessToken}`, "content-length": String(body.length) };
	const answer = await issuePass(bench.context, new Request("http://localhost:3003/api/pass", { method: "POST", headers, body }));
	return (await answer.json()).pass;
}

/** The host as the door runs it: pins, revocation list, verifier. */
function host() {
	const { kty, crv, x, y, kid } = bench.context.signer.jwks.keys[0] as { kty: "EC"; crv: "P-256"; x: string; y: string; kid: string };
	const issuer = siteOrigin(bench.context.configuration.addressing, "accounts");
	const identity = { hostId: bench.hostId, name: "Test host", issuer, key, jwks: { keys: [{ kty, crv, x, y, kid }] } };
	const client = createAccountsClient(identity, () => undefined);
	const revoked = createRevokedPasses();
	const keys = createPinnedKeys({
		issuer,
		pinned: identity.jwks.keys,
		fetchStatements: client.keyStatements,
		store: async () => undefined,
		report: () => undefined,
	});
	return {
		client,
		keys,
		verify: createPassVerifier({ issuer, audience: `host:${bench.hostId}`, keys, revoked }),
		poll: async () => revoked.replace(await client.revocations()),
	};
}

async function ask(
	changes: JWTPayload = {},
	header: Record<string, string> = {},
	signer: Record<string, string> = { ...key },
): Promise<Response> {
	const now = Math.floor(Date.now() / 1000);
	const claims = { iss: `host:${bench.hostId}`, aud: "accounts", jti: randomUUID(), iat: now, exp: now + 60, ...changes };
	const assertion = await new SignJWT(claims)
		.setProtectedHeader({ alg: "ES256", typ: hostAssertionType, ...header })
		.sign(header.alg === "HS256" ? new TextEncoder().encode(JSON.stringify({ ...key, d: undefined })) : await importJWK(signer, "ES256"));
	return fetch(`http://127.0.0.1:${port}/api/pass/revocations`, { headers: { authorization: `Bearer ${assertion}` } });
}

describe("the revocation list of a host", () => {
	it("names who ended a session, so that the pass from before opens nothing any more, and the next one does", async () => {
		const home = host();
		await home.poll();
		const stolen = await passOf(owner);
		expect(await home.verify(stolen)).toMatchObject({ ok: true, claims: { role: "owner" } });
		const elsewhere = await signedUp(bench, "elsewhere@example.org");
		await elsewhere.post(revoke, { what: "everything" });
		await home.poll();
		expect(await home.verify(stolen)).toMatchObject({ ok: true });

		await owner.post(revoke, { what: "everything" });
		await home.poll();
		expect(await home.verify(stolen)).toEqual({ ok: false, reason: "revoked" });
		await home.client.close();
	});

	it("names who is no member any more, or a member with another role", async () => {
		const home = host();
		const guest = await signedUp(bench, "guest@example.org");
		const { supabaseUrl } = bench.context.configuration;
		const user_id = decodeJwt(guest.tokens.accessToken).sub;
		const members = async (method: string, body?: unknown): Promise<void> => {
			const filter = method === "POST" ? "" : `?host_id=eq.${bench.hostId}&user_id=eq.${user_id}`;
			const headers = { apikey: bench.secretKey, "content-type": "application/json" };
			const sent = body === undefined ? {} : { body: JSON.stringify(body) };
			expect((await fetch(`${supabaseUrl}/rest/v1/host_members${filter}`, { method, headers, ...sent })).ok).toBe(true);
		};
		await members("POST", { host_id: bench.hostId, user_id, role: "operator" });
		const operator = await passOf(guest);
		expect(await home.verify(operator)).toMatchObject({ ok: true, claims: { role: "operator" } });
		await members("PATCH", { role: "viewer" });
		await home.poll();
		expect(await home.verify(operator)).toEqual({ ok: false, reason: "revoked" });
		let viewer = "";
		// A pass of the very second of the change counts as older than it.
		await vi.waitUntil(async () => {
			viewer = await passOf(guest);
			return (await home.verify(viewer)).ok;
		}, 10_000);
		await members("DELETE");
		await home.poll();
		expect(await home.verify(viewer)).toEqual({ ok: false, reason: "revoked" });
		await home.client.close();
	});

	it("is kept from everybody who is not that host, and told once for each assertion", async () => {
		const now = Math.floor(Date.now() / 1000);
		const other = (await createPassMaker()).identity.key;
		const jti = randomUUID();
		expect((await ask({ jti })).status).toBe(200);
		const refused = [
			await ask({ jti }),
			await ask({}, {}, other),
			await ask({ iss: `host:${randomUUIDv7()}` }),
			await ask({ iss: "accounts" }),
			await ask({ aud: `host:${bench.hostId}` }),
			await ask({ iat: now - 120, exp: now - 60 }),
			await ask({ exp: now + 3600 }),
			await ask({ iat: now + 60, exp: now + 90 }),
			await ask({ jti: "short" }),
			await ask({}, { typ: "pass+jwt" }),
			await ask({}, { alg: "HS256" }),
			await fetch(`http://127.0.0.1:${port}/api/pass/revocations`),
		];
		expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401));
		const page = await fetch(`http://127.0.0.1:${port}/api/pass/revocations`, { headers: { origin: "http://evil.example" } });
		expect(page.status).toBe(403);
	});

	it("cannot be read from the database without the portal's key", async () => {
		const { supabaseUrl, publishableKey } = bench.context.configuration;
		for (const [name, values] of [
			["list_pass_revocations", { of_host: bench.hostId, assertion_id: randomUUID() }],
			["read_host_key", { of_host: bench.hostId }],
		] as const) {
			const answer = await fetch(`${supabaseUrl}/rest/v1/rpc/${name}`, {
				method: "POST",
				headers: { apikey: publishableKey, "content-type": "application/json" },
				body: JSON.stringify({ portal_key: "x".repeat(43), ...values }),
			});
			expect([401, 403]).toContain(answer.status);
		}
	});
});

describe("the tokens of accounts", () => {
	it("are not taken for one another: a pass is no device's token, and a device's token no pass", async () => {
		const visitor = await signedUp(bench, "device@example.org");
		const sub = decodeJwt(visitor.tokens.accessToken).sub ?? "";
		const home = host();
		const { pass } = await bench.context.signer.sign({ userId: sub, audience: hostAudience(bench.hostId), role: "owner" });
		const { accessToken } = await bench.context.deviceTokens.sign({ userId: sub, deviceId: randomUUID(), keyThumbprint: "k" });
		expect(await home.verify(pass)).toMatchObject({ ok: true });
		expect(await home.verify(accessToken)).toMatchObject({ ok: false });
		expect(await home.verify(visitor.tokens.accessToken)).toMatchObject({ ok: false });
		expect(await readDevice(bench.context, pass)).toEqual({ state: "none" });
		for (const statement of await bench.context.signer.stateKeys()) {
			expect(await home.verify(statement)).toMatchObject({ ok: false });
			expect(await readDevice(bench.context, statement)).toEqual({ state: "none" });
		}
		await home.client.close();
	});

	it("that state the keys reach a host over the network, and change nothing while the keys are the same", async () => {
		const home = host();
		expect(await home.client.keyStatements()).toHaveLength(1);
		expect(await home.keys.refresh()).toBe(false);
		await home.client.close();
	});
});
