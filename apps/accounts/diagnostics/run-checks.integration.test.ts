import { afterAll, beforeAll, expect, it } from "vitest";
import type { AccountsContext } from "../accounts-context.ts";
import { createBackEndSettings } from "../oauth/back-end-settings.ts";
import { openPortal } from "../portal/portal.ts";
import { type AccountsBench, startAccountsBench } from "../testing/accounts-bench.ts";
import { signedUp } from "../testing/visitor.ts";
import { runChecks } from "./run-checks.ts";

let bench: AccountsBench;
let accessToken: string;

beforeAll(async () => {
	bench = await startAccountsBench();
	accessToken = (await signedUp(bench, "admin@example.org")).tokens.accessToken;
});

afterAll(() => bench.stop());

async function states(context: AccountsContext): Promise<Record<string, string>> {
	return Object.fromEntries((await runChecks(context, accessToken)).map(({ what, state }) => [what, state]));
}

it("finds a platform on one machine in order, apart from the addresses of clients", async () => {
	expect(await states(bench.context)).toEqual({
		"Sign-on of the back end": "ok",
		Addresses: "ok",
		"New accounts": "ok",
		"Other services": "ok",
		"Keys of access tokens": "ok",
		Database: "ok",
		"Portal key": "ok",
		"Clock of the database": "ok",
		Mail: "ok",
		"Addresses of clients": "warn",
		"Keys of passes": "ok",
	});
});

it("says which part is wrong", async () => {
	const { configuration } = bench.context;
	const otherKey = { ...bench.context, portal: openPortal(configuration, "a key that the database was never told") };
	expect(await states(otherKey)).toMatchObject({ Database: "ok", "Portal key": "bad", "Clock of the database": "ok" });
	const nowhere = { ...configuration, supabaseUrl: "http://127.0.0.1:9", jwtSecret: null };
	const gone = {
		...bench.context,
		configuration: nowhere,
		portal: openPortal(nowhere, bench.context.portal.key),
		backEndSettings: createBackEndSettings(nowhere),
	};
	expect(await states(gone)).toMatchObject({
		"Sign-on of the back end": "bad",
		"Keys of access tokens": "bad",
		Database: "bad",
		"Portal key": "none",
	});
});

it("shows no key and no secret", async () => {
	const words = JSON.stringify(await runChecks(bench.context, accessToken));
	for (const secret of [bench.context.portal.key, bench.jwtSecret, bench.context.configuration.publishableKey]) {
		expect(words).not.toContain(secret);
	}
});
