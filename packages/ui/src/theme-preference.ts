/** What a visitor can choose; `system` follows the machine's setting. */
export const themePreferences = ["system", "light", "dark"] as const;

/** A visitor's choice of theme. */
export type ThemePreference = (typeof themePreferences)[number];

/** Key in localStorage; each site remembers its own. */
export const themeStorageKey = "opta-theme";

/** Reads a stored value; anything unknown means `system`. */
export function parseThemePreference(value: string | null): ThemePreference {
	return value === "light" || value === "dark" ? value : "system";
}

/** Runs in the head before anything is painted. A browser that refuses storage keeps the system's theme. */
export const themeScript = `try{var t=localStorage.getItem("${themeStorageKey}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch(e){}`;
