import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { writeDeviceKeys } from "@opta/vault/pull/device-keys-store";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import { openPullState } from "@opta/vault/pull/pull-state";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import { homeFiles } from "../platform/home-files.ts";
import { type PullParts, pullOnce } from "./pull-operation.ts";

const userId = "01a206ff-6941-76c8-90d1-90d4217cab22";
const body = { dryRun: false, account: { userId, accessToken: "the-token" } };

let home: string;
let egress: Egress;
let localOnly: boolean;
let asked: string[];
let origin: string;
const accounts = createServer((request, response) => {
	asked.push(`${request.headers.host} ${request.url} ${request.headers.authorization}`);
	response.writeHead(503, { "content-type": "application/json" }).end("{}");
});

beforeEach(async () => {
	home = await mkdtemp(path.join(os.tmpdir(), "opta-pull-"));
	localOnly = true;
	asked = [];
	egress = createEgress({ localOnly: () => localOnly, lmxAddress: () => null });
	await new Promise<void>((resolve) => accounts.listen(0, "127.0.0.1", resolve));
	origin = `http://accounts.optalocal.localhost:${(accounts.address() as AddressInfo).port}`;
});

afterEach(async () => {
	await egress.close();
	accounts.closeAllConnections();
	await new Promise((resolve) => accounts.close(resolve));
});

function parts(accountsOrigin = origin): PullParts {
	return { home, egress, accountsOrigin: () => accountsOrigin };
}

async function letDeviceIn(): Promise<void> {
	const key = new Uint8Array(32).fill(7);
	const keys = { deviceId: userId, privateKey: key, publicKey: key, pairingSecret: key };
	await writeDeviceKeys(await openSecretStore(userId, homeFiles(home).vaultSecrets), keys);
	await openPullState(homeFiles(home).vaultState).write({ pin: { vaultId: userId, epoch: 1, counter: 1 }, pulled: [] });
}

describe("a pull of the vault", () => {
	it("leaves this computer only where that is allowed", async () => {
		await letDeviceIn();
		const refused = await pullOnce(parts("https://accounts.optalocal.com"), body);
		expect(refused).toMatchObject({ ok: false, error: { code: "forbidden", message: expect.stringContaining('"Local only" is on') } });
	});

	it("says how a device gets access that has none, and asks nobody", async () => {
		expect(await pullOnce(parts(), body)).toMatchObject({
			ok: false,
			error: { code: "forbidden", message: expect.stringContaining("no access to the vault yet") },
		});
		expect(asked).toEqual([]);
	});

	it("asks accounts of this computer by their name, as the person who is signed in, and keeps what is here when they cannot answer", async () => {
		await letDeviceIn();
		expect(await pullOnce(parts(), body)).toMatchObject({ ok: false, error: { code: "host_unreachable" } });
		expect(asked).toEqual([`${new URL(origin).host} /api/vault Bearer the-token`]);
	});
});
