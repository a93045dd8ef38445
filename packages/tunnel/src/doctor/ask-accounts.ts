import { clockSkewMs } from "@opta/contracts/clock-skew";
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
	/** Its clock against this host's; null where it did not tell. */
	readonly skewMs: number | null;
}

const offline = "Check this host's way to the internet, and status.optalocal.com. Passes that are out stay good; revoking waits meanwhile.";

/** Asks accounts for its keys. Never rejects. */
export async function askAccounts({ issuer, jwks }: Pick<HostIdentity, "issuer" | "jwks">, signal: AbortSignal): Promise<AskedAccounts> {
	try {
		const { base, headers } = placeOfOrigin(issuer);
		const answer = await request(`${base}${passKeysPath}`, { headers, signal });
		const { date } = answer.headers;
		const skewMs = clockSkewMs(typeof date === "string" ? date : null, Date.now());
		if (answer.statusCode !== 200) {
			await answer.body.dump();
			return {
				skewMs,
				outcome: broken(`Accounts at ${issuer} answered with ${answer.statusCode}.`, "Try again; see status.optalocal.com."),
			};
		}
		const { statements } = passKeysResponseSchema.parse(await answer.body.json());
		const read = await Promise.all(statements.map((statement) => readKeyStatement(statement, { issuer, pinned: jwks.keys })));
		const outcome = read.some((keys) => keys !== null)
			? fine(`Accounts at ${issuer} answers, and signs with a key that this host trusts.`)
			: broken(
					`Accounts at ${issuer} signs with keys that this host does not trust, so that every pass is refused.`,
					`See to the clock first. If it is right, revoke the host at ${issuer}/hosts and claim the host again: npm run host -- claim --again`,
				);
		return { skewMs, outcome };
	} catch (error) {
		return { skewMs: null, outcome: broken(`Accounts at ${issuer} cannot be asked: ${explainFailure(error)}.`, offline) };
	}
}
