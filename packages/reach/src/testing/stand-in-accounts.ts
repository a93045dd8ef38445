import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createDeviceKey, type DeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { type DeviceRequest, proveRequest } from "@opta/auth/device-credential/request-proof";
import { errorBody } from "@opta/contracts/error-body";
import { type ErrorCode, errorStatus } from "@opta/contracts/error-codes";
import { deviceAudience, hostAudience } from "@opta/contracts/pass";
import { deviceHostsPath } from "@opta/contracts/reach";
import type { DeviceHosts } from "@opta/contracts/schema/host-claim";
import { passRequestSchema } from "@opta/contracts/schema/pass";
import { createPassMaker, type PassChanges, type PassMaker } from "./pass-maker.ts";

/** What a signed-in device of the person keeps (the file of the CLI). */
export interface StandInCredential {
	readonly issuer: string;
	readonly deviceId: string;
	readonly userId: string;
	readonly key: DeviceKey;
	readonly refreshToken: string;
}

/** A request to the device, with the pass that it carries. */
export type ProvenRequest = Omit<DeviceRequest, "deviceId"> & Partial<Pick<DeviceRequest, "deviceId">>;

/** Accounts as devices and hosts meet it, on a real port: one person with one device, and hosts that a test changes. */
export interface StandInAccounts {
	readonly origin: string;
	readonly passes: PassMaker;
	readonly credential: StandInCredential;
	/** Answered to the device; a test replaces it. */
	hosts: DeviceHosts["hosts"];
	/** The next questions of the device are refused so; null answers again. */
	refuse: ErrorCode | null;
	/** A pass by which the person speaks to their device, by a site that proves each request. */
	readonly devicePass: (changes?: PassChanges) => Promise<string>;
	/** The proof of one of these, with the site's key unless another is given. */
	readonly prove: (request: ProvenRequest, body: string, key?: DeviceKey) => Promise<string>;
	/** A ticket for one WebSocket of the device. */
	readonly deviceTicket: (use: { readonly path: string; readonly origin: string | null }, changes?: PassChanges) => Promise<string>;
	/** Requests that came, as `POST /api/pass`. */
	readonly asked: readonly string[];
	readonly close: () => Promise<void>;
}

/** Starts it on a free port. */
export async function startStandInAccounts(): Promise<StandInAccounts> {
	const passes = await createPassMaker();
	const key = await createDeviceKey();
	const keyThumbprint = await thumbprintOf(key);
	const siteKey = await createDeviceKey();
	const cnf = { jkt: await thumbprintOf(siteKey) };
	const [deviceId, userId] = [randomUUID(), randomUUID()];
	const asked: string[] = [];
	const newToken = (): string => randomBytes(24).toString("base64url");
	let refreshToken = newToken();

	async function answer(path: string, body: unknown): Promise<unknown> {
		switch (path) {
			case "/api/device/token": {
				const sent = (body as { refreshToken?: string }).refreshToken;
				if (sent !== refreshToken) {
					throw Object.assign(new Error("This token is not good any more."), { code: "invalid_grant" });
				}
				refreshToken = newToken();
				return { accessToken: "the-access-token", expiresAt: new Date(Date.now() + 600_000).toISOString(), refreshToken, deviceId, userId };
			}
			case "/.well-known/jwks.json":
				return { keys: [passes.publicJwk] };
			case "/api/device":
				return { user: { id: userId, email: "ana@example.com", name: "Ana" }, device: { id: deviceId, name: "Laptop" } };
			case deviceHostsPath:
				return { hosts: accounts.hosts };
			case "/api/pass": {
				const asking = passRequestSchema.parse(body);
				const audience = "hostId" in asking ? hostAudience(asking.hostId) : deviceAudience(asking.deviceId);
				const claims = { iss: accounts.origin, aud: audience, sub: userId, deviceId, cnf: { jkt: keyThumbprint } };
				const pass =
					asking.ticket === undefined
						? await passes.makeFor(audience, "owner", { claims })
						: await passes.makeTicket(asking.ticket, { claims });
				return { pass, role: "owner", expiresAt: new Date(Date.now() + 30_000).toISOString() };
			}
			default:
				throw Object.assign(new Error("There is no such route."), { code: "not_found" });
		}
	}

	const server = createServer((request, response) => {
		const path = request.url ?? "";
		asked.push(`${request.method} ${path}`);
		const send = (status: number, body: unknown): void => {
			response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
		};
		void text(request)
			.then(async (sent) => {
				if (accounts.refuse !== null) {
					throw Object.assign(new Error("Accounts refuses."), { code: accounts.refuse });
				}
				send(200, await answer(path, sent === "" ? undefined : JSON.parse(sent)));
			})
			.catch((error: Error & { code?: ErrorCode }) => {
				const code = error.code ?? "internal";
				send(errorStatus[code] ?? 500, errorBody(code, error.message));
			});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const origin = `http://accounts.optalocal.localhost:${(server.address() as AddressInfo).port}`;
	const own = { iss: origin, sub: userId };
	const accounts: StandInAccounts = {
		origin,
		passes,
		credential: { issuer: origin, deviceId, userId, key, refreshToken },
		hosts: [],
		refuse: null,
		asked,
		prove: (request, body, key = siteKey) => proveRequest(key, { deviceId, ...request }, Buffer.from(body)),
		devicePass: (changes = {}) =>
			passes.makeFor(deviceAudience(deviceId), "owner", { ...changes, claims: { ...own, cnf, ...changes.claims } }),
		deviceTicket: (use, changes = {}) =>
			passes.makeTicket(use, { ...changes, claims: { ...own, aud: deviceAudience(deviceId), ...changes.claims } }),
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
	return accounts;
}
