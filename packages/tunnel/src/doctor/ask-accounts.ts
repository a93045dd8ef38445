import { broken, type CheckOutcome, fine } from "@opta/contracts/doctor-check";
import { placeOfOrigin } from "@opta/contracts/origin-place";
import { passKeysPath } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { passKeysResponseSchema } from "@opta/contracts/schema/pass";
import { readKeyStatement } from "@opta/reach/pass/read-key-statement";
import { request } from "undici";
import { explainFailure } from "./explain-failure.ts";

/** Whether accounts answers and signs with keys that this host trusts, and what its clock said. */
export interface AskedAccounts {
	readonly outcome: CheckOutcome;
	/** Header `Date` of the answer, and the times around it on this computer. */
	readonly date: string | undefined;
	readonly sentAtMs: number;
	readonly receivedAtMs: number;
}

const offline = "Check this host's way to the internet, and status.optalocal.com. Passes that are out stay good; revoking waits meanwhile.";

/** Asks accounts for its keys. Never rejects. */
export async function askAccounts({ issuer, jwks }: Pick<HostIdentity, "issuer" | "jwks">, signal: AbortSignal): Promise<AskedAccounts> {
	const sentAtMs = Date.now();
	const unknown = { date: undefined, sentAtMs, receivedAtMs: sentAtMs };
	try {
		const { base, headers } = placeOfOrigin(issuer);
		const answer = await request(`${base}${passKeysPath}`, { headers, signal });
		const { date } = answer.headers;
		const times = { date: typeof date === "string" ? date : undefined, sentAtMs, receivedAtMs: Date.now() };
		if (answer.statusCode !== 200) {
			await answer.body.dump();
			return {
				...times,
				outcome: broken(`Accounts at ${issuer} answered with ${answer.statusCode}.`, "Try again; see status.optalocal.com."),
			};
		}
		const { statements } = passKeysResponseSchema.parse(await answer.body.json());
		const read = await Promise.all(statements.map((statement) => readKeyStatement(statement, { issuer, pinned: jwks.keys })));
		const outcome = read.some((keys) => keys !== null)
			? fine(`Accounts at ${issuer} answers, and signs with a key that this host trusts.`)
			: broken(
					`Accounts at ${issuer} signs with keys that this host does not trust, so that every pass is refused.`,
					"See to the clock first. If it is right, claim the host again: npm run host -- claim",
				);
		return { ...times, outcome };
	} catch (error) {
		return { ...unknown, outcome: broken(`Accounts at ${issuer} cannot be asked: ${explainFailure(error)}.`, offline) };
	}
}
