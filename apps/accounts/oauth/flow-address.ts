import type { SiteAddressing } from "@opta/contracts/site-url";
import { pageAddress } from "../forms/page-address.ts";
import type { ProviderName } from "./providers.ts";

/** Why somebody was sent to a provider: to sign in, or to add it to the account that is signed in. */
export type FlowPurpose = "sign-in" | "link";

/** The link of a provider's button. */
export function startAddress(addressing: SiteAddressing, provider: ProviderName, target: string): string {
	return pageAddress(addressing, "/auth/start", { provider, redirect_to: target });
}

/**
 * Where a provider's answer arrives. What the flow is about travels in the address, so that flows in several tabs do not
 * meet; all of it is judged again on arrival. The back end accepts it because it has the origin of its site URL.
 */
export function callbackAddress(addressing: SiteAddressing, provider: ProviderName, purpose: FlowPurpose, target: string): string {
	return pageAddress(addressing, "/auth/callback", { provider, for: purpose, redirect_to: target });
}

/** The value of a parameter that stands exactly once. */
export function single(query: URLSearchParams, name: string): string | null {
	const values = query.getAll(name);
	return values.length === 1 ? (values[0] ?? null) : null;
}
