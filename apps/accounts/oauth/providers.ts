/** The other services that can vouch for a person, in the order in which they are offered. */
export const providerNames = ["google", "apple", "github"] as const;

/** Name of a provider, as the back end spells it. */
export type ProviderName = (typeof providerNames)[number];

/** How people call them. */
export const providerTitles: Readonly<Record<ProviderName, string>> = { google: "Google", apple: "Apple", github: "GitHub" };

/** Reads a provider's name; null for anything else. */
export function readProvider(value: unknown): ProviderName | null {
	return providerNames.find((name) => name === value) ?? null;
}
