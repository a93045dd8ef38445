import { describe, expect, it } from "vitest";
import { AuthUnavailableError } from "./access-token.ts";
import { apiUserFrom } from "./api-user.ts";
import type { Session } from "./session.ts";

async function refusalOf(session: Promise<Session>): Promise<[number, string, string | null]> {
	const user = await apiUserFrom(session);
	if (user.ok) {
		throw new Error("This request was let through.");
	}
	const { error } = await user.response.json();
	return [user.response.status, error.code, user.response.headers.get("cache-control")];
}

describe("apiUserFrom", () => {
	it("hands out a signed-in person", async () => {
		const session: Session = { state: "signedIn", user: { id: "u", email: "ada@example.org" }, accessToken: "t", expiresAtMs: 1 };
		expect(await apiUserFrom(Promise.resolve(session))).toEqual({ ok: true, session });
	});

	it("tells a session that can be refreshed from nobody, and both from a back end that is away", async () => {
		expect(await refusalOf(Promise.resolve({ state: "expired" }))).toEqual([401, "session_expired", "private, no-store"]);
		expect(await refusalOf(Promise.resolve({ state: "signedOut" }))).toEqual([401, "unauthenticated", "private, no-store"]);
		expect(await refusalOf(Promise.resolve({ state: "duplicateCookie" }))).toEqual([400, "invalid_request", "private, no-store"]);
		expect(await refusalOf(Promise.reject(new AuthUnavailableError("away")))).toEqual([503, "unavailable", "private, no-store"]);
	});

	it("does not swallow a defect", async () => {
		await expect(apiUserFrom(Promise.reject(new TypeError("defect")))).rejects.toThrow("defect");
	});
});
