import { isLocal } from "@opta/contracts/addressing";
import type { SiteAddressing } from "@opta/contracts/site-url";

/** A sign-in ends on any of the sites, and Chromium holds the redirect after a form to `form-action` too. */
function familySources({ scheme, baseDomain, ...addressing }: SiteAddressing): string {
	const port = isLocal({ scheme, baseDomain, ...addressing }) ? ":*" : "";
	return `${scheme}://${baseDomain}${port} ${scheme}://*.${baseDomain}${port}`;
}

/**
 * The Content-Security-Policy (level 3) of one response of accounts: only scripts that carry this response's nonce and
 * what those load. The vault's pages may compile WebAssembly as well, for Argon2id.
 */
export function contentPolicy(addressing: SiteAddressing, path: string, nonce: string, isDevelopment: boolean): string {
	const isVault = path === "/vault" || path.startsWith("/vault/") || path.startsWith("/vault?");
	return [
		"default-src 'none'",
		`script-src 'nonce-${nonce}' 'strict-dynamic'${isVault ? " 'wasm-unsafe-eval'" : ""}${isDevelopment ? " 'unsafe-eval'" : ""}`,
		`style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
		"img-src 'self' data: https:",
		"font-src 'self'",
		`connect-src 'self'${isDevelopment ? " ws:" : ""}`,
		"worker-src 'self'",
		"manifest-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		`form-action 'self' ${familySources(addressing)}`,
		"frame-ancestors 'none'",
	].join("; ");
}
