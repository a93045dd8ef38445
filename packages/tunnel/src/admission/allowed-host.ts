import { isIPv4, isIPv6 } from "node:net";
import { isLoopbackName } from "./loopback-name.ts";

/** The name of a `Host` header in lower case, without its port; null unless there is exactly one such header and it has that form. */
function nameOf(hosts: readonly string[] | undefined): string | null {
	const [host = "", ...more] = hosts ?? [];
	const name = /^(\[[\da-f:]+\]|[a-z\d.-]+)(?::\d{1,5})?$/i.exec(host)?.[1];
	return name === undefined || more.length > 0 ? null : name.toLowerCase();
}

/**
 * True when the `Host` header names loopback or one of the configured names. A page of a stranger whose name
 * was pointed at this machine (DNS rebinding) sends that name.
 */
export function isAllowedHost(hosts: readonly string[] | undefined, ...configured: readonly ReadonlySet<string>[]): boolean {
	const name = nameOf(hosts);
	return name !== null && (isLoopbackName(name) || name.endsWith(".localhost") || configured.some((names) => names.has(name)));
}

/**
 * The same for a listener on the host's own network: an address as such, which no name can be pointed at, the
 * machine's own name, also under `.local` (RFC 6762 §3), or a configured one.
 */
export function isAllowedLanHost(hosts: readonly string[] | undefined, hostname: string, configured: ReadonlySet<string>): boolean {
	const name = nameOf(hosts);
	const own = hostname.toLowerCase().replace(/\.local$/, "");
	return (
		name !== null &&
		(isIPv4(name) ||
			(name.startsWith("[") && isIPv6(name.slice(1, -1))) ||
			(own !== "" && (name === own || name === `${own}.local`)) ||
			isAllowedHost(hosts, configured))
	);
}
