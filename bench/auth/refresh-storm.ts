import { readSessionCookie } from "@opta/auth/session-cookie";
import { allSiteOrigins } from "@opta/contracts/site-url";
import { answerSession } from "../../apps/accounts/session/session-answer.ts";
import { readInventory } from "../../apps/accounts/sessions/inventory.ts";
import type { AccountsBench } from "../../apps/accounts/testing/accounts-bench.ts";
import { keptCookie, newPerson, withEndedToken } from "./person.ts";

/** What became of the requests. */
export interface RefreshStorm {
	readonly requests: number;
	readonly answered: number;
	readonly rotations: number;
	readonly liveSessions: number;
	readonly totalMs: number;
}

const requestsPerSite = 50;

/** Sends 50 requests from each of the eight sites at once, all with one session whose access token has ended. */
export async function measureRefreshStorm(bench: AccountsBench): Promise<RefreshStorm> {
	const { context } = bench;
	const cookie = await withEndedToken(bench, await newPerson(bench, "storm@example.org", "correct horse battery"));
	const origins = allSiteOrigins(context.configuration.addressing).flatMap((origin) => Array<string>(requestsPerSite).fill(origin));
	const before = bench.rotations();
	const startedAtMs = performance.now();
	const answers = await Promise.all(
		origins.map((origin) => answerSession(context, new Request("http://127.0.0.1/api/session", { headers: { origin, cookie } }))),
	);
	const totalMs = performance.now() - startedAtMs;
	const bodies = await Promise.all(answers.map((answer) => answer.json()));
	const renewed = readSessionCookie(answers[0] === undefined ? "" : keptCookie(answers[0]));
	const inventory = renewed.state === "present" ? await readInventory(context.configuration, renewed) : null;
	return {
		requests: origins.length,
		answered: bodies.filter((body) => body.signedIn === true).length,
		rotations: bench.rotations() - before,
		liveSessions: inventory?.state === "ok" ? inventory.value.sessions.length : 0,
		totalMs,
	};
}
