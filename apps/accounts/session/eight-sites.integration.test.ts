import { readSessionWith } from "@opta/auth/session";
import { allSiteOrigins, siteUrl } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readInventory } from "../sessions/inventory.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";
import { visitRefresh } from "./refresh-visit.ts";
import { answerSession } from "./session-answer.ts";

let bench: AccountsBench;
beforeAll(async () => {
	bench = await startAccountsBench();
});
afterAll(() => bench.stop());

function takeCookies(from: Visitor, to: Visitor): void {
	for (const [name, value] of from.cookies) {
		to.cookies.set(name, value);
	}
}

/** Tabs of one browser start from the same cookies. */
function copyOf(visitor: Visitor): Visitor {
	const tab = new Visitor(bench);
	takeCookies(visitor, tab);
	return tab;
}

/** What a page of a site does with an ended session: a call asks accounts once and is repeated, a navigation goes by /refresh. */
async function useSite(visitor: Visitor, origin: string, how: "call" | "navigation"): Promise<string> {
	const { context } = bench;
	const cookie = visitor.cookieHeader;
	expect(await readSessionWith(context.verify, cookie)).toEqual({ state: "expired" });
	const headers = { cookie, ...(how === "call" ? { origin } : {}) };
	const response =
		how === "call"
			? await answerSession(context, new Request(siteUrl(context.configuration.addressing, "accounts", "/api/session"), { headers }))
			: await visitRefresh(
					context,
					new Request(siteUrl(context.configuration.addressing, "accounts", "/refresh"), { headers }),
					`${origin}/`,
				);
	if (how === "navigation") {
		expect(response.headers.get("location")).toBe(`${origin}/`);
	} else {
		expect(await response.json()).toMatchObject({ signedIn: true });
	}
	expect(response.headers.get("cache-control")).toBe("private, no-store");
	visitor.keep(response);
	const repeated = await readSessionWith(context.verify, visitor.cookieHeader);
	return repeated.state === "signedIn" ? repeated.accessToken : repeated.state;
}

it("eight sites and two tabs of each on an expired token lose no request, rotate once, and end with one live session", async () => {
	const visitor = await signedUp(bench, "sites@example.org");
	const origins = allSiteOrigins(bench.context.configuration.addressing);
	expect(origins).toHaveLength(8);
	for (let round = 0; round < 3; round++) {
		await visitor.age();
		const before = bench.rotations();
		const uses = origins.flatMap((origin) => (["call", "navigation"] as const).map((how) => ({ origin, how })));
		const tokens = await Promise.all(
			uses.map(({ origin, how }) => {
				const tab = copyOf(visitor);
				return useSite(tab, origin, how).then((token) => {
					takeCookies(tab, visitor);
					return token;
				});
			}),
		);
		expect(bench.rotations() - before).toBe(1);
		expect(new Set(tokens)).toEqual(new Set([visitor.tokens.accessToken]));
	}
	const inventory = await readInventory(bench.context.configuration, visitor.tokens);
	expect(inventory).toMatchObject({
		state: "ok",
		value: { sessions: [{ id: decodeJwt(visitor.tokens.accessToken).session_id, isCurrent: true }] },
	});
	expect(inventory.state === "ok" ? inventory.value.sessions : []).toHaveLength(1);
});
