import type { SettingVariables } from "./probe/settings.ts";

/** The variables of this site, as the process has them. */
export function settingVariables(): SettingVariables {
	return {
		OPTA_STATUS_LMX_URL: process.env.OPTA_STATUS_LMX_URL,
		OPTA_STATUS_SUPABASE_URL: process.env.OPTA_STATUS_SUPABASE_URL,
		SUPABASE_PUBLISHABLE_KEY: process.env.SUPABASE_PUBLISHABLE_KEY,
		OPTA_STATUS_INTERVAL_MS: process.env.OPTA_STATUS_INTERVAL_MS,
	};
}
