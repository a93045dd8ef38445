/** What this site reads from its environment. */
export interface SettingVariables {
	readonly OPTA_STATUS_LMX_URL?: string | undefined;
	readonly OPTA_STATUS_SUPABASE_URL?: string | undefined;
	readonly SUPABASE_PUBLISHABLE_KEY?: string | undefined;
	readonly OPTA_STATUS_INTERVAL_MS?: string | undefined;
}

/** Where the watched parts are and how often they are asked; null for a part that is not configured. */
export interface StatusSettings {
	readonly lmxUrl: string | null;
	readonly supabaseUrl: string | null;
	readonly supabaseKey: string | null;
	readonly intervalMs: number;
}

const defaultIntervalMs = 30_000;
const shortestIntervalMs = 250;
const longestIntervalMs = 3_600_000;

function parseBaseUrl(name: keyof SettingVariables, value: string | undefined): string | null {
	if (value === undefined || value === "") {
		return null;
	}
	const url = URL.parse(value);
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.search !== "") {
		throw new RangeError(`${name} is not an http(s) address such as http://127.0.0.1:1234.`);
	}
	return url.href.replace(/\/+$/, "");
}

function parseIntervalMs(value: string | undefined): number {
	if (value === undefined || value === "") {
		return defaultIntervalMs;
	}
	const intervalMs = Number(value);
	if (!Number.isInteger(intervalMs) || intervalMs < shortestIntervalMs || intervalMs > longestIntervalMs) {
		throw new RangeError(
			`OPTA_STATUS_INTERVAL_MS is "${value}"; it must be a whole number of milliseconds from ${shortestIntervalMs} to ${longestIntervalMs}.`,
		);
	}
	return intervalMs;
}

/**
 * Reads the settings; an empty value counts as unset.
 * @throws {RangeError} naming the variable, when a value cannot be meant. Addresses are not repeated: they may hold a password.
 */
export function parseSettings(variables: SettingVariables): StatusSettings {
	return {
		lmxUrl: parseBaseUrl("OPTA_STATUS_LMX_URL", variables.OPTA_STATUS_LMX_URL),
		supabaseUrl: parseBaseUrl("OPTA_STATUS_SUPABASE_URL", variables.OPTA_STATUS_SUPABASE_URL),
		supabaseKey: variables.SUPABASE_PUBLISHABLE_KEY || null,
		intervalMs: parseIntervalMs(variables.OPTA_STATUS_INTERVAL_MS),
	};
}
