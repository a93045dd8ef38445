import { allSiteOrigins, type SiteAddressing, siteOrigin, siteUrl } from "@opta/contracts/site-url";

const longestRedirect = 2048;

/** The pages of accounts that a sign-in may end on; its other addresses are steps of a sign-in or answers for programs. */
const accountsPages: ReadonlySet<string> = new Set([
	"/",
	"/cli",
	"/device",
	"/sessions",
	"/security",
	"/vault",
	"/log",
	"/data",
	"/diagnostics",
	"/hosts",
]);

/** One host, claiming one and joining one. */
const hostPage = /^\/hosts\/[a-z0-9-]{1,40}$/;

/** Space, control characters and the backslash: WHATWG URL parsers drop them or read them as something else. */
function hasMisreadCharacter(text: string): boolean {
	for (const character of text) {
		const code = character.charCodeAt(0);
		if (code <= 0x20 || code === 0x7f || character === "\\") {
			return true;
		}
	}
	return false;
}

function isPage(url: URL, accountsOrigin: string): boolean {
	if (url.pathname.startsWith("//") || url.pathname.startsWith("/api/")) {
		return false;
	}
	return url.origin !== accountsOrigin || accountsPages.has(url.pathname) || hostPage.test(url.pathname);
}

/**
 * The only judge of `redirect_to`. Returns the absolute address of a page on one of the eight sites: the one asked
 * for, or the account page when the value is anything else (never an error that repeats the value). A value without
 * an origin is a path on accounts.
 */
export function safeRedirect(value: unknown, addressing: SiteAddressing): string {
	const fallback = siteUrl(addressing, "accounts");
	if (typeof value !== "string" || value === "" || value.length > longestRedirect || hasMisreadCharacter(value)) {
		return fallback;
	}
	const accountsOrigin = siteOrigin(addressing, "accounts");
	if (!URL.canParse(value, accountsOrigin)) {
		return fallback;
	}
	const url = new URL(value, accountsOrigin);
	const ours =
		url.protocol === `${addressing.scheme}:` &&
		url.username === "" &&
		url.password === "" &&
		allSiteOrigins(addressing).includes(url.origin) &&
		isPage(url, accountsOrigin);
	return ours ? url.href : fallback;
}
