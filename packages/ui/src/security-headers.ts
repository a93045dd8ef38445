import { isLocal } from "@opta/contracts/addressing";
import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";

/** A response header. */
export interface Header {
	readonly key: string;
	readonly value: string;
}

/** What differs between the policies of the sites. */
export interface PolicyOptions {
	/** Sources of scripts besides the site itself, such as `'sha256-…'`. */
	readonly scriptSources: readonly string[];
	/** Further places that the page may fetch from, such as `ws:`. */
	readonly connectSources?: readonly string[];
}

/** The origin of accounts for a policy; locally any port of it, because the port base is known at run time only. */
function accountsSource(addressing: SiteAddressing): string {
	return isLocal(addressing) ? `${siteOrigin({ ...addressing, portBase: null }, "accounts")}:*` : siteOrigin(addressing, "accounts");
}

function familySources(addressing: SiteAddressing): string {
	const port = isLocal(addressing) ? ":*" : "";
	return `${addressing.scheme}://${addressing.baseDomain}${port} ${addressing.scheme}://*.${addressing.baseDomain}${port}`;
}

/**
 * The Content-Security-Policy (level 3) of a site: everything from the site itself, the session from accounts,
 * forms to the family of sites only.
 */
export function contentSecurityPolicy(addressing: SiteAddressing, options: PolicyOptions): string {
	const connect = ["'self'", accountsSource(addressing), ...(options.connectSources ?? [])].join(" ");
	return [
		"default-src 'self'",
		`script-src ${["'self'", ...options.scriptSources].join(" ")}`,
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data: https:",
		"font-src 'self'",
		`connect-src ${connect}`,
		"object-src 'none'",
		"base-uri 'none'",
		`form-action 'self' ${familySources(addressing)}`,
	].join("; ");
}

/** The policy of scripts that run as workers: scripts and requests of their own site, WebAssembly, and nothing else. */
export const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** Headers that every response of every site carries, the policy of scripts apart. */
export function commonHeaders(addressing: SiteAddressing): readonly Header[] {
	const headers: Header[] = [
		{ key: "X-Content-Type-Options", value: "nosniff" },
		{ key: "X-Frame-Options", value: "DENY" },
		{ key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
		{ key: "Cross-Origin-Opener-Policy", value: "same-origin" },
		{ key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()" },
	];
	if (addressing.scheme === "https") {
		headers.push({ key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" });
	}
	return headers;
}
