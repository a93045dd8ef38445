import { localAddressing, type SiteAddressing, siteHostname, sitePort, siteUrl } from "./site-url.ts";
import type { SiteName } from "./sites.ts";

/** The variables that say where the sites are. Domain and scheme are build inputs, the port base is read at run time. */
export interface AddressingVariables {
	readonly OPTA_BASE_DOMAIN?: string | undefined;
	readonly OPTA_SCHEME?: string | undefined;
	readonly OPTA_PORT_BASE?: string | undefined;
}

/** True where the sites run on one machine, under names that browsers resolve to loopback. */
export function isLocal(addressing: SiteAddressing): boolean {
	return addressing.baseDomain.endsWith(".localhost");
}

/**
 * Reads the addressing; unset variables mean the local default.
 * @throws {RangeError} when a value cannot be meant: another scheme than http or https, or a port base outside 1024…65000.
 */
export function parseAddressing(variables: AddressingVariables): SiteAddressing {
	const baseDomain = variables.OPTA_BASE_DOMAIN ?? localAddressing.baseDomain;
	const local = baseDomain.endsWith(".localhost");
	const scheme = variables.OPTA_SCHEME ?? (local ? "http" : "https");
	if (scheme !== "http" && scheme !== "https") {
		throw new RangeError(`OPTA_SCHEME is "${scheme}"; it must be http or https.`);
	}
	if (!local) {
		return { scheme, baseDomain, portBase: null };
	}
	const portBase = Number(variables.OPTA_PORT_BASE ?? localAddressing.portBase);
	if (!Number.isInteger(portBase) || portBase < 1024 || portBase > 65_000) {
		throw new RangeError(`OPTA_PORT_BASE is "${variables.OPTA_PORT_BASE}"; it must be a whole number from 1024 to 65000.`);
	}
	return { scheme, baseDomain, portBase };
}

/** Where one site's server reaches another: loopback with the public name as `host` header locally, the public address elsewhere. */
export function internalRequest(
	addressing: SiteAddressing,
	site: SiteName,
	path: string,
): { url: string; headers: Record<string, string> } {
	if (addressing.portBase === null) {
		return { url: siteUrl(addressing, site, path), headers: {} };
	}
	const port = sitePort(addressing.portBase, site);
	return { url: `http://127.0.0.1:${port}${path}`, headers: { host: `${siteHostname(addressing, site)}:${port}` } };
}
