import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { siteOrigin } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";
import { expect, it } from "vitest";
import { createDeviceKey } from "../device-credential/device-key.ts";
import { openDeviceSession } from "./device-session.ts";

it("takes a page of what stands before accounts for accounts that cannot be asked, not for a sign-in that ended", async () => {
	const proxy = createServer((_request, response) => {
		response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>");
	}).listen(0, "127.0.0.1");
	await once(proxy, "listening");
	const portBase = (proxy.address() as AddressInfo).port - siteByName("accounts").portOffset;
	const addressing = { scheme: "http" as const, baseDomain: "optalocal.localhost", portBase };
	let removed = false;
	const credential = {
		issuer: siteOrigin(addressing, "accounts"),
		deviceId: "d",
		userId: "u",
		key: await createDeviceKey(),
		refreshToken: "r",
	};
	const session = openDeviceSession(addressing, {
		exclusively: (work) => work(),
		read: async () => credential,
		write: async () => undefined,
		remove: async () => {
			removed = true;
		},
	});
	await expect(session.accessToken()).rejects.toMatchObject({ name: "SignInError", cause: expect.anything() });
	expect(removed).toBe(false);
	proxy.close();
});
