import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";

/**
 * Values of `redirect_to` that must not be followed from a site of this addressing: they leave the sites, run a script, cheat
 * a check that is a prefix or a suffix, mean something else to another parser, or lead to a page that redirects again.
 */
export function hostileRedirects(addressing: SiteAddressing): readonly unknown[] {
	const accounts = siteUrl(addressing, "accounts", "");
	const { scheme, baseDomain } = addressing;
	const other = scheme === "https" ? "http" : "https";
	const host = accounts.slice(`${scheme}://`.length);
	return [
		...["//evil.com", "///evil.com", "////evil.com", `//${host}@evil.com`, "//evil%E3%80%82com"],
		...["/\\evil.com", "/\\/evil.com", "/\t/evil.com", "/\n/evil.com", "/\r/evil.com"],
		...["\\\\evil.com", "\\/evil.com", "https:\\\\evil.com", "http:\\\\evil.com"],
		...[`${accounts}@evil.com`, `${scheme}://accounts.${baseDomain}:pw@evil.com`, `${accounts}.evil.com`, `${accounts}%2eevil.com`],
		`${scheme}://user@lmx.${baseDomain}/`,
		`${scheme}://:pw@lmx.${baseDomain}/`,
		...[`https://evil.com\\@${host}`, `https://evil.com#@${host}`, `https://evil.com?.${baseDomain}`, `https://evil.com/.${baseDomain}`],
		...[`https://evil-${baseDomain}`, `https://evil${baseDomain}`, `https://evilоptalocal.com`, "https://EVIL。com"],
		...[`${scheme}://accounts.${baseDomain}.`, `${scheme}://lmx.${baseDomain}.:3004/`, `${scheme}://lmx.${baseDomain}:8443/`],
		...[`${other}://${host}/`, `${other}:${host}`, `${other}://lmx.${baseDomain}/`],
		...["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "\u0001javascript:alert(1)", " javascript:alert(1)"],
		...[`javascript://${host}/%0aalert(1)`, "data:text/html,x", "vbscript:x", `blob:${accounts}/x`, `filesystem:${accounts}/x`],
		...["https://2130706433/", "http://0x7f.1/", "http://[::ffff:7f00:1]/", "http://127.0.0.1:3004/", "http://localhost:3004/"],
		...["/.//evil.com", "/..//evil.com", "/x/..//evil.com", "/%2e//evil.com", "/%2e%2e//evil.com"],
		...[
			`${accounts}//evil.com`,
			`${accounts}/\\evil.com`,
			siteUrl(addressing, "lmx", "//evil.com"),
			siteUrl(addressing, "lmx", "/.//evil.com"),
		],
		...[".evil.com", "@evil.com", ":80@evil.com", ":@evil.com/", "-evil.com"],
		...["https:evil.com", "https:/evil.com", "http:evil.com", "http:/evil.com"],
		...["/auth/callback?next=https://evil.com", "/sign-in?redirect_to=//evil.com", "/refresh?redirect_to=//evil.com", "/sign-out"],
		...[siteUrl(addressing, "accounts", "/refresh?redirect_to=https://evil.com"), siteUrl(addressing, "lmx", "/api/host/x")],
		...["%252f%252fevil.com", "/%252f%252fevil.com", "/%00", "\0", "null", "undefined", "", " ", `/${"a".repeat(10_000)}`],
		...[["/", "//evil.com"], null, undefined, 0, {}, { toString: () => "/" }],
	];
}
