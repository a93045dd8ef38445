import { sessionCookieName } from "@opta/contracts/session-cookie";
import { createChunks, stringToBase64URL } from "@supabase/ssr";
import { describe, expect, it } from "vitest";
import { readSessionCookie } from "./session-cookie.ts";

/** The header that a browser sends after `@supabase/ssr` wrote this session. */
function written(session: unknown): string {
	const chunks = createChunks(sessionCookieName, `base64-${stringToBase64URL(JSON.stringify(session))}`);
	return chunks.map(({ name, value }) => `${name}=${value}`).join("; ");
}

describe("readSessionCookie", () => {
	it("reads what @supabase/ssr writes in one cookie", () => {
		const header = `theme=dark; ${written({ access_token: "a.b.c", refresh_token: "r" })}; last=1`;
		expect(readSessionCookie(header)).toEqual({ state: "present", accessToken: "a.b.c", refreshToken: "r" });
	});

	it("joins the chunks of a long session whatever their order", () => {
		const accessToken = "ü".repeat(9_000);
		const header = written({ access_token: accessToken, refresh_token: "r" });
		expect(header).toContain(`${sessionCookieName}.1=`);
		const reversed = header.split("; ").reverse().join("; ");
		expect(readSessionCookie(reversed)).toEqual({ state: "present", accessToken, refreshToken: "r" });
	});

	it("refuses a name that comes twice, whole or as a chunk, even with the same value", () => {
		const whole = written({ access_token: "a", refresh_token: "r" });
		expect(readSessionCookie(`${whole}; ${whole}`)).toEqual({ state: "duplicate" });
		expect(readSessionCookie(`${sessionCookieName}.0=x; other=1; ${sessionCookieName}.0=y`)).toEqual({ state: "duplicate" });
		expect(readSessionCookie(`${sessionCookieName}=; ${sessionCookieName}=`)).toEqual({ state: "duplicate" });
	});

	it("takes broken values for no session", () => {
		const values = [
			"",
			"base64-",
			"base64-%%%",
			"base64-bm90IGpzb24",
			"{}",
			`base64-${stringToBase64URL("null")}`,
			`base64-${stringToBase64URL('{"access_token":1}')}`,
		];
		for (const value of values) {
			expect(readSessionCookie(`${sessionCookieName}=${value}`)).toEqual({ state: "absent" });
		}
		expect(readSessionCookie(null)).toEqual({ state: "absent" });
		expect(readSessionCookie(`x${sessionCookieName}=1; ${sessionCookieName}x=1; ${sessionCookieName}.01=1`)).toEqual({ state: "absent" });
	});
});
