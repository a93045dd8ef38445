import { isIP } from "node:net";
import { hostname } from "node:os";

/** What a request says about where it was sent and by which page. */
export interface RequestOrigin {
	/** The `Host` header. */
	readonly host: string | undefined;
	/** The `Origin` header; browsers send it, programs do not. */
	readonly origin: string | undefined;
}

function nameOf(host: string): string | null {
	const match = /^(\[[0-9a-f:.]+\]|[^:[\]@/?#\s]+)(?::\d{1,5})?$/i.exec(host);
	return match?.[1]?.toLowerCase() ?? null;
}

/** The name, without `.local`, under which LMX is announced: beside the machine's own, which its system announces. */
export function lanName(machineName: string): string {
	return `opta-lmx-${machineName
		.toLowerCase()
		.replace(/\.local$/, "")
		.replaceAll(/[^a-z0-9-]+/g, "-")}`;
}

/**
 * True when the `Host` header names this machine: an address, a loopback name, the machine's own name, the one
 * that mDNS announces, or one that was configured. A foreign page whose name was pointed here (DNS rebinding) sends another one.
 */
export function isOwnHost(host: string | undefined, configured: readonly string[], machineName = hostname()): boolean {
	const name = host === undefined ? null : nameOf(host);
	if (name === null) {
		return false;
	}
	const own = machineName.toLowerCase().replace(/\.local$/, "");
	return (
		isIP(name.replace(/^\[|\]$/g, "")) !== 0 ||
		name === "localhost" ||
		name.endsWith(".localhost") ||
		name === own ||
		name === `${own}.local` ||
		name === `${lanName(own)}.local` ||
		configured.includes(name)
	);
}

/** True for programs and for pages that this server itself delivered. */
export function isOwnOrigin({ host, origin }: RequestOrigin): boolean {
	return origin === undefined || origin === `http://${host}` || origin === `https://${host}`;
}
