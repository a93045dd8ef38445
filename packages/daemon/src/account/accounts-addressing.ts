import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";

/** Where the sites are, from the origin of accounts in the configuration; null when that is no address of an accounts site. */
export function addressingOf(accountsOrigin: string): SiteAddressing | null {
	const url = new URL(accountsOrigin);
	const { subdomain, portOffset } = siteByName("accounts");
	if ((url.protocol !== "http:" && url.protocol !== "https:") || !url.hostname.startsWith(`${subdomain}.`)) {
		return null;
	}
	const isLocal = url.hostname.endsWith(".localhost");
	return {
		scheme: url.protocol === "http:" ? "http" : "https",
		baseDomain: url.hostname.slice(subdomain.length + 1),
		portBase: isLocal ? (url.port === "" ? localAddressing.portBase : Number(url.port) - portOffset) : null,
	};
}
