import { type DataSource, fetchWithTimeLimit } from "@opta/auth/data-client";
import { z } from "zod";
import { type ProviderName, providerNames } from "./providers.ts";

const settingsSchema = z.looseObject({
	external: z.record(z.string(), z.unknown()).default({}),
	disable_signup: z.boolean().default(false),
	mailer_autoconfirm: z.boolean().default(false),
});

/** What the back end says about its own sign-on (`GET /auth/v1/settings`). */
export interface BackEndSettings {
	/** Providers that are turned on. */
	readonly providers: readonly ProviderName[];
	readonly takesNewAccounts: boolean;
	/** False where accounts count without a confirmed address. Signing in by a provider is then not safe. */
	readonly confirmsAddresses: boolean;
}

/** Reads the settings of a back end: at most once in a minute, the last ones known while it does not answer, null before. */
export type ReadBackEndSettings = () => Promise<BackEndSettings | null>;

const keptMs = 60_000;
const retryMs = 5_000;

async function ask({ supabaseUrl, publishableKey }: DataSource, send: typeof fetch): Promise<BackEndSettings | null> {
	try {
		const response = await send(`${supabaseUrl}/auth/v1/settings`, { headers: { apikey: publishableKey } });
		const parsed = response.ok ? settingsSchema.safeParse(await response.json()) : null;
		if (!parsed?.success) {
			return null;
		}
		const { external, disable_signup, mailer_autoconfirm } = parsed.data;
		return {
			providers: providerNames.filter((name) => external[name] === true),
			takesNewAccounts: !disable_signup,
			confirmsAddresses: !mailer_autoconfirm,
		};
	} catch {
		return null;
	}
}

/** Makes the one reader of this process. */
export function createBackEndSettings(
	source: DataSource,
	send: typeof fetch = fetchWithTimeLimit,
	now: () => number = Date.now,
): ReadBackEndSettings {
	let known: BackEndSettings | null = null;
	let goodUntilMs = Number.NEGATIVE_INFINITY;
	let asking: Promise<void> | null = null;
	return async () => {
		if (now() >= goodUntilMs) {
			asking ??= ask(source, send).then((answer) => {
				known = answer ?? known;
				goodUntilMs = now() + (answer === null ? retryMs : keptMs);
				asking = null;
			});
			await asking;
		}
		return known;
	};
}

/**
 * Providers whose buttons may be shown. None where the back end does not have addresses confirmed: there, it would link an
 * unproven address of a provider to the account that has it.
 */
export function offeredProviders(settings: BackEndSettings | null): readonly ProviderName[] {
	return settings?.confirmsAddresses ? settings.providers : [];
}
