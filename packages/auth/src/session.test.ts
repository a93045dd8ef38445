import { sessionCookieName } from "@opta/contracts/session-cookie";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { sharedSecretVerifier } from "./access-token.ts";
import { readSessionWith } from "./session.ts";

const secret = "an embedded back end's secret of enough bytes";
const verify = sharedSecretVerifier(secret);
const ada = { id: "3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c9d", email: "ada@example.org" };

function accessToken(lifeSeconds: number, key = secret): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	return new SignJWT({ sub: ada.id, email: ada.email, aud: "authenticated", role: "authenticated", exp: now + lifeSeconds })
		.setProtectedHeader({ alg: "HS256" })
		.sign(new TextEncoder().encode(key));
}

function cookie(session: unknown): string {
	return `${sessionCookieName}=base64-${Buffer.from(JSON.stringify(session)).toString("base64url")}`;
}

describe("readSessionWith", () => {
	it("takes the person from the verified token, not from what stands beside it", async () => {
		const token = await accessToken(600);
		const eve = { id: "00000000-0000-4000-8000-000000000000", email: "eve@example.org" };
		const header = cookie({ access_token: token, refresh_token: "r", user: eve, expires_at: 1 });
		expect(await readSessionWith(verify, header)).toMatchObject({ state: "signedIn", user: ada, accessToken: token });
	});

	it("does not believe a later expiry written beside the token", async () => {
		const header = cookie({ access_token: await accessToken(-1), refresh_token: "r", expires_at: 4_000_000_000 });
		expect(await readSessionWith(verify, header)).toEqual({ state: "expired" });
	});

	it("calls a token that is about to end expired", async () => {
		const header = cookie({ access_token: await accessToken(2), refresh_token: "r" });
		expect(await readSessionWith(verify, header)).toEqual({ state: "expired" });
	});

	it("is signed out without cookie, with a forged token, and when nothing could be refreshed", async () => {
		const forged = cookie({ access_token: await accessToken(600, "another secret of thirty-two bytes."), refresh_token: "r" });
		const ended = cookie({ access_token: await accessToken(-1) });
		for (const header of [null, undefined, "", "theme=dark", forged, ended]) {
			expect(await readSessionWith(verify, header)).toEqual({ state: "signedOut" });
		}
	});

	it("refuses to choose between two cookies", async () => {
		const good = cookie({ access_token: await accessToken(600), refresh_token: "r" });
		expect(await readSessionWith(verify, `${good}; ${sessionCookieName}=planted`)).toEqual({ state: "duplicateCookie" });
	});
});
