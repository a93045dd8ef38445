import { backEndCapabilities } from "@opta/auth/back-end-capabilities";
import { fetchWithTimeLimit } from "@opta/auth/data-client";
import { z } from "zod";
import { databaseTime } from "../account/database-time.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { offeredProviders } from "../oauth/back-end-settings.ts";
import { providerTitles } from "../oauth/providers.ts";
import { clockSkew, skewInWords } from "./clock.ts";

/** One line of the diagnostics: what was looked at, how it stands, and what to do about it. */
export interface Check {
	readonly what: string;
	readonly state: "ok" | "warn" | "bad" | "none";
	readonly words: string;
}

const portalSchema = z.array(z.object({ is_known: z.boolean(), at: z.string() })).length(1);
const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({})) });

async function checkPortal({ portal }: AccountsContext, accessToken: string): Promise<readonly Check[]> {
	const sentMs = Date.now();
	const answer = await portal.call("check_portal", {}, accessToken);
	const receivedMs = Date.now();
	const row = answer.state === "ok" ? portalSchema.safeParse(answer.data).data?.[0] : undefined;
	if (row === undefined) {
		const words = "The database does not answer, or has not all migrations.";
		return [
			{ what: "Database", state: "bad", words },
			{ what: "Portal key", state: "none", words },
			{ what: "Clock of the database", state: "none", words },
		];
	}
	const skew = clockSkew({ sentMs, receivedMs, databaseMs: databaseTime(row.at).getTime() });
	return [
		{ what: "Database", state: "ok", words: `answered in ${receivedMs - sentMs} ms` },
		row.is_known
			? { what: "Portal key", state: "ok", words: "known to the database" }
			: {
					what: "Portal key",
					state: "bad",
					words: "not known to the database: limits, devices and the vault do not work. See docs/operations.md.",
				},
		{ what: "Clock of the database", state: skew.state, words: skewInWords(skew) },
	];
}

async function checkKeys({ configuration }: AccountsContext): Promise<Check> {
	const what = "Keys of access tokens";
	if (!backEndCapabilities(configuration).publicKeys) {
		return { what, state: "ok", words: "a secret shared on this machine" };
	}
	const url = `${configuration.supabaseUrl}/auth/v1/.well-known/jwks.json`;
	try {
		const response = await fetchWithTimeLimit(url);
		const { keys } = keySetSchema.parse(await response.json());
		return keys.length > 0
			? { what, state: "ok", words: `${keys.length} published` }
			: { what, state: "bad", words: "none published: rotate the signing key to ES256 in the project's settings." };
	} catch {
		return { what, state: "bad", words: "the published keys cannot be fetched: nobody can be told apart once the known ones are old." };
	}
}

async function checkSettings(context: AccountsContext): Promise<readonly Check[]> {
	const settings = await context.backEndSettings();
	if (settings === null) {
		return [{ what: "Sign-on of the back end", state: "bad", words: "does not answer" }];
	}
	const providers = offeredProviders(settings).map((provider) => providerTitles[provider]);
	return [
		{ what: "Sign-on of the back end", state: "ok", words: "answers" },
		settings.confirmsAddresses
			? { what: "Addresses", state: "ok", words: "confirmed before they count" }
			: {
					what: "Addresses",
					state: "bad",
					words: "count without being confirmed: turn confirmations on. No other service is offered until then.",
				},
		{ what: "New accounts", state: "ok", words: settings.takesNewAccounts ? "open" : "closed" },
		{ what: "Other services", state: "ok", words: providers.length === 0 ? "none is on" : providers.join(", ") },
	];
}

function checkDeployment({ mailboxUrl, clientAddressHeader, signer }: AccountsContext): readonly Check[] {
	return [
		{
			what: "Mail",
			state: mailboxUrl === null ? "none" : "ok",
			words: mailboxUrl === null ? "sent by the back end; whether it arrives is not known here" : `kept on this machine: ${mailboxUrl}`,
		},
		{
			what: "Addresses of clients",
			state: clientAddressHeader === null ? "warn" : "ok",
			words:
				clientAddressHeader === null
					? "not known: attempts are limited by account only. Behind a proxy, set OPTA_CLIENT_ADDRESS_HEADER."
					: `from ${clientAddressHeader}`,
		},
		{ what: "Keys of passes", state: "ok", words: signer.jwks.keys.map(({ kid }) => kid).join(", ") },
	];
}

/** Looks at everything that accounts depends on, as the given person; no check waits for another. */
export async function runChecks(context: AccountsContext, accessToken: string): Promise<readonly Check[]> {
	const [settings, keys, portal] = await Promise.all([checkSettings(context), checkKeys(context), checkPortal(context, accessToken)]);
	return [...settings, keys, ...portal, ...checkDeployment(context)];
}
