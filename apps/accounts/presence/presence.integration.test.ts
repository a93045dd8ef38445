import { randomUUID, randomUUIDv7 } from "node:crypto";
import { hostAssertionType } from "@opta/contracts/pass";
import { hostPresencePath } from "@opta/contracts/reach";
import { siteOrigin } from "@opta/contracts/site-url";
import { importJWK, type JWK, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPassMaker } from "../../../packages/reach/src/testing/pass-maker.ts";
import { createAccountsClient } from "../../../packages/tunnel/src/accounts/accounts-client.ts";
import { localHostKey } from "../../../supabase/local-host-key.ts";
import { listPassRevocations } from "../passes/list-pass-revocations.ts";
import type { AccountsBench } from "../testing/accounts-bench.ts";
import { startDeviceBench } from "../testing/device-bench.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";
import { notePresence } from "./note-presence.ts";

let bench: AccountsBench;
let stop: () => Promise<void>;
let issuer: string;
let owner: Visitor;
let key: ReturnType<typeof localHostKey>;

beforeAll(async () => {
	({ bench, stop } = await startDeviceBench((context) => ({
		"POST /api/host/presence": (request) => notePresence(context, request),
		"GET /api/pass/revocations": (request) => listPassRevocations(context, request),
	})));
	issuer = siteOrigin(bench.context.configuration.addressing, "accounts");
	key = localHostKey(bench.secretKey);
	owner = await signedUp(bench, "owner@example.org");
});
afterAll(() => stop());

/** A row of the database, as the person sees it. */
async function shown(visitor: Visitor): Promise<unknown> {
	const { supabaseUrl, publishableKey } = bench.context.configuration;
	const headers = { apikey: publishableKey, authorization: `Bearer ${visitor.tokens.accessToken}` };
	const columns = "version,door_url,lan_urls,last_seen_at";
	const [host] = await (await fetch(`${supabaseUrl}/rest/v1/hosts?select=${columns}&id=eq.${bench.hostId}`, { headers })).json();
	return host;
}

const here = { version: "0.3.0", doorUrl: null, lanUrls: ["http://192.168.1.10:8789"] };

async function post(
	body: unknown,
	claims: JWTPayload = {},
	{ signer = key as JWK, header = {} as Record<string, string>, more = {} as Record<string, string> } = {},
): Promise<{ status: number; code: string | undefined }> {
	const now = Math.floor(Date.now() / 1000);
	const whole = { iss: `host:${bench.hostId}`, aud: "accounts", jti: randomUUID(), iat: now, exp: now + 60, ...claims };
	const assertion = await new SignJWT(whole)
		.setProtectedHeader({ alg: "ES256", typ: hostAssertionType, ...header })
		.sign(header.alg === "HS256" ? new TextEncoder().encode(JSON.stringify({ ...key, d: undefined })) : await importJWK(signer, "ES256"));
	const answer = await fetch(`http://127.0.0.1:${new URL(issuer).port}${hostPresencePath}`, {
		method: "POST",
		headers: { authorization: `Bearer ${assertion}`, "content-type": "application/json", ...more },
		body: JSON.stringify(body),
	});
	return { status: answer.status, code: (await answer.json()).error?.code };
}

describe("the presence of a host", () => {
	it("is told by the host itself and read by its members; the embedded platform's host keeps its address without a tunnel", async () => {
		const revoked: boolean[] = [];
		const client = createAccountsClient({ hostId: bench.hostId, issuer, key }, (is) => revoked.push(is));
		await client.postPresence(here);
		expect(await shown(owner)).toMatchObject({ version: "0.3.0", door_url: "http://127.0.0.1:8788", lan_urls: here.lanUrls });
		await client.postPresence({ ...here, doorUrl: "https://quiet-attic.trycloudflare.com/", lanUrls: [] });
		expect(await shown(owner)).toMatchObject({ door_url: "https://quiet-attic.trycloudflare.com", lan_urls: [] });
		expect(await shown(await signedUp(bench, "stranger@example.org"))).toBeUndefined();
		expect(revoked).toEqual([]);
		await client.close();
	});

	it("is taken from nobody else, and once for each assertion", async () => {
		const now = Math.floor(Date.now() / 1000);
		const jti = randomUUID();
		const other = (await createPassMaker()).identity.key;
		expect((await post(here, { jti })).status).toBe(200);
		const refused = [
			await post(here, { jti }),
			await post(here, {}, { signer: other }),
			await post(here, { iss: `host:${randomUUIDv7()}` }),
			await post(here, { iss: `device:${bench.hostId}` }),
			await post(here, { aud: `host:${bench.hostId}` }),
			await post(here, { iat: now - 120, exp: now - 60 }),
			await post(here, { exp: now + 3600 }),
			await post(here, {}, { header: { typ: "pass+jwt" } }),
			await post(here, {}, { header: { alg: "HS256" } }),
			await post(here, {}, { more: { authorization: "Bearer a.b.c" } }),
		];
		expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 401));
		expect((await post(here, {}, { more: { origin: "https://evil.example" } })).status).toBe(403);
	});

	it.each([
		{ ...here, doorUrl: "javascript:alert(1)" },
		{ ...here, doorUrl: "https://user:secret@door.example.org" },
		{ ...here, doorUrl: "https://door.example.org/admin" },
		{ ...here, doorUrl: "https://door.example.org/?token=1" },
		{ ...here, lanUrls: ["https://192.168.1.10:8789"] },
		{ ...here, lanUrls: Array.from({ length: 9 }, (_, last) => `http://192.168.1.${last}:8789`) },
		{ ...here, version: "v".repeat(41) },
		{ ...here, ownerId: randomUUID() },
	])("is refused when it is no presence: %o", async (body) => {
		expect(await post(body)).toEqual({ status: 400, code: "invalid_request" });
	});

	it("of a host that its owner revoked is not taken, and the host is told so wherever it asks", async () => {
		const { supabaseUrl } = bench.context.configuration;
		const revoking = await fetch(`${supabaseUrl}/rest/v1/hosts?id=eq.${bench.hostId}`, {
			method: "PATCH",
			headers: { apikey: bench.secretKey, "content-type": "application/json" },
			body: JSON.stringify({ revoked_at: new Date().toISOString() }),
		});
		expect(revoking.ok).toBe(true);
		expect(await post(here)).toEqual({ status: 410, code: "host_revoked" });
		expect(await post(here, {}, { signer: (await createPassMaker()).identity.key })).toMatchObject({ status: 401 });
		const told: boolean[] = [];
		const client = createAccountsClient({ hostId: bench.hostId, issuer, key }, (is) => told.push(is));
		await expect(client.revocations()).rejects.toThrow("revoked");
		await expect(client.postPresence(here)).rejects.toThrow("revoked");
		expect(told).toEqual([true]);
		await client.close();
	});
});
