import type { SecretStore } from "@opta/vault/pull/secret-store";

/** Providers whose keys the daemon takes from the vault: by the name of an item, as people write it or as their variable. */
const providers = [
	{
		title: "Anthropic",
		names: /^(?:anthropic(?:[ _-]api[ _-]key)?|claude(?:[ _-]api[ _-]key)?)$/i,
		accounts: ["item ANTHROPIC_API_KEY", "item Anthropic", "item anthropic", "item Anthropic API key"],
	},
] as const;

/** What a pulled item sets up; null for one that no provider here uses. */
export function providerOf(itemName: string): string | null {
	return providers.find(({ names }) => names.test(itemName))?.title ?? null;
}

/** Anthropic's key among the pulled ones; null when there is none. */
export async function readAnthropicKey(store: SecretStore): Promise<string | null> {
	for (const account of providers[0].accounts) {
		const key = await store.read(account);
		if (key !== null) {
			return key;
		}
	}
	return null;
}
