import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";
import { CommandFailure } from "../program/command-failure.ts";

/**
 * Where the sites are, from the origin of accounts in the configuration.
 * @throws {CommandFailure} `configuration`, when that is no address of an accounts site.
 */
export function addressingOf(accountsOrigin: string): SiteAddressing {
	const url = new URL(accountsOrigin);
	const { subdomain, portOffset } = siteByName("accounts");
	if ((url.protocol !== "http:" && url.protocol !== "https:") || !url.hostname.startsWith(`${subdomain}.`)) {
		throw new CommandFailure("configuration", `accounts.origin is ${accountsOrigin}; it must be like https://accounts.optalocal.com.`);
	}
	const isLocal = url.hostname.endsWith(".localhost");
	return {
		scheme: url.protocol === "http:" ? "http" : "https",
		baseDomain: url.hostname.slice(subdomain.length + 1),
		portBase: isLocal ? (url.port === "" ? localAddressing.portBase : Number(url.port) - portOffset) : null,
	};
}
