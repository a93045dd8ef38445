import { siteOrigin } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signIn } from "../forms/sign-in.ts";
import { signOut } from "../forms/sign-out.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";

const password = "correct horse battery";
let bench: AccountsBench;
beforeAll(async () => {
	bench = await startAccountsBench();
});
afterAll(() => bench.stop());

function sendAs(origin: string | null, visitor: Visitor, route: typeof signIn, fields: Record<string, string>): Promise<Response> {
	const body = new URLSearchParams(fields).toString();
	const headers = {
		...(origin === null ? {} : { origin }),
		"content-type": "application/x-www-form-urlencoded",
		"content-length": String(body.length),
		cookie: visitor.cookieHeader,
	};
	return route(bench.context, new Request("http://localhost:3003/form", { method: "POST", body, headers }));
}

describe("a session", () => {
	it("is a new one after every sign-in, so that a planted one never becomes the person's", async () => {
		const eve = await signedUp(bench, "eve@example.org");
		await signedUp(bench, "ada@example.org");
		const ada = new Visitor(bench);
		for (const [name, value] of eve.cookies) {
			ada.cookies.set(name, value);
		}
		await ada.post(signIn, { email: "ada@example.org", password });
		const first = decodeJwt(ada.tokens.accessToken);
		expect(first.email).toBe("ada@example.org");
		expect(ada.tokens.refreshToken).not.toBe(eve.tokens.refreshToken);
		await ada.post(signIn, { email: "ada@example.org", password });
		expect(decodeJwt(ada.tokens.accessToken).session_id).not.toBe(first.session_id);
		expect(decodeJwt(eve.tokens.accessToken).email).toBe("eve@example.org");
		expect(await (await eve.session()).json()).toMatchObject({ signedIn: true });
	});

	it("is neither begun nor ended by a page of another site, of another site of ours neither", async () => {
		const visitor = await signedUp(bench, "csrf@example.org");
		const lmx = siteOrigin(bench.context.configuration.addressing, "lmx");
		for (const origin of ["https://evil.example", lmx, "null", null]) {
			const begun = await sendAs(origin, new Visitor(bench), signIn, { email: "csrf@example.org", password });
			const ended = await sendAs(origin, visitor, signOut, {});
			expect([begun.status, begun.headers.getSetCookie(), ended.status, ended.headers.getSetCookie()]).toEqual([403, [], 403, []]);
		}
		await visitor.age();
		expect(await (await visitor.session()).json()).toMatchObject({ signedIn: true });
	});
});
