import { randomBytes } from "node:crypto";
import { readKeyProof } from "@opta/auth/device-credential/key-proof";
import { siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import type { AttemptKind } from "../limits/attempt-limits.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import type { PortalAnswer } from "../portal/portal.ts";
import { accountServiceUnreachable, refusal } from "../session/response.ts";
import { hashOf } from "./issue-device-token.ts";
import { routeUrl, tooMany } from "./program-request.ts";
import { createUserCode, showUserCode } from "./user-code.ts";

const lifeMs = 600_000;
const intervalMs = 5000;

/** Who asks for a code. */
export interface UserCodeAsked {
	/** Path of the route that is asked; the key's proof names it. */
	readonly path: string;
	/** Page where the person types the code. */
	readonly page: string;
	readonly attempt: AttemptKind;
	/** Thumbprint of the key that is to be proved; null: of any key. */
	readonly keyThumbprint: string | null;
}

/** What the database keeps of a request that waits for an answer. */
export interface StoredUserCode {
	readonly pollCodeHash: string;
	readonly userCodeHash: string;
	readonly keyThumbprint: string;
	readonly place: string | null;
	readonly client: string | null;
}

/** Both codes, as RFC 8628 §3.2 has them, and what the database answered. */
export type StartedUserCode =
	| {
			readonly ok: true;
			/** What the program polls with. */
			readonly pollCode: string;
			readonly shown: {
				readonly userCode: string;
				readonly verificationUrl: string;
				readonly verificationUrlComplete: string;
				readonly expiresInMs: number;
				readonly intervalMs: number;
			};
			readonly data: unknown;
	  }
	| { readonly ok: false; readonly response: Response };

/** Begins what a person answers by typing a code (RFC 8628): checks the key's proof, counts the attempt, makes both codes and has them stored. */
export async function startUserCode(
	context: AccountsContext,
	request: Request,
	{ path, page, attempt: kind, keyThumbprint: wanted }: UserCodeAsked,
	store: (code: StoredUserCode) => Promise<PortalAnswer>,
): Promise<StartedUserCode> {
	const { addressing } = context.configuration;
	const url = routeUrl(addressing, path);
	const keyThumbprint = await readKeyProof(request.headers.get("dpop"), { method: "POST", url, secret: "" });
	if (keyThumbprint === null || (wanted !== null && keyThumbprint !== wanted)) {
		const message = "The proof of the key is missing or not valid. Check the clock of this computer, then try again.";
		return { ok: false, response: refusal("unauthenticated", message) };
	}
	const place = clientNetwork(request.headers, context.clientAddressHeader);
	const attempt = await takeAttempt(context.portal, kind, null, place);
	if (attempt.state === "wait") {
		return { ok: false, response: tooMany(attempt.waitSeconds) };
	}
	const pollCode = randomBytes(32).toString("base64url");
	const userCode = createUserCode();
	const client = request.headers.get("user-agent")?.slice(0, 120) ?? null;
	const stored = await store({ pollCodeHash: hashOf(pollCode), userCodeHash: hashOf(userCode), keyThumbprint, place, client });
	if (attempt.state === "unavailable" || stored.state !== "ok") {
		return { ok: false, response: refusal("unavailable", accountServiceUnreachable) };
	}
	const shown = showUserCode(userCode);
	return {
		ok: true,
		pollCode,
		shown: {
			userCode: shown,
			verificationUrl: siteUrl(addressing, "accounts", page),
			verificationUrlComplete: siteUrl(addressing, "accounts", `${page}?code=${shown}`),
			expiresInMs: lifeMs,
			intervalMs,
		},
		data: stored.data,
	};
}
