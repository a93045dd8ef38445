import { fileURLToPath } from "node:url";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { type SiteName, siteByName } from "@opta/contracts/sites";
import type { NextConfig } from "next";
import { siteAddressing } from "./addressing.ts";
import { isDevelopment } from "./env.ts";
import { commonHeaders, contentSecurityPolicy, workerPolicy } from "./security-headers.ts";

/** What a site's `next.config.ts` decides for itself. */
export interface SiteConfigOptions {
	readonly site: SiteName;
	/** True for sites that are exported as files. */
	readonly export?: boolean;
	/** True for sites whose proxy sets a policy with nonces; it is then left out here. */
	readonly ownPolicy?: boolean;
	/** Options of Next.js that win over the shared ones. */
	readonly extend?: NextConfig;
}

const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

function readAddressing(site: SiteName): SiteAddressing {
	try {
		return siteAddressing();
	} catch (error) {
		process.stderr.write(`${siteByName(site).title}: ${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	}
}

function serverHeaders(addressing: SiteAddressing, ownPolicy: boolean): NonNullable<NextConfig["headers"]> {
	if (ownPolicy) {
		return async () => [
			{ source: "/:path*", headers: [...commonHeaders(addressing)] },
			// A worker goes by the policy of its own script.
			{ source: "/_next/static/:path*", headers: [{ key: "Content-Security-Policy", value: workerPolicy }] },
		];
	}
	const development = isDevelopment();
	const policy = contentSecurityPolicy(addressing, {
		scriptSources: ["'unsafe-inline'", ...(development ? ["'unsafe-eval'"] : [])],
		connectSources: development ? ["ws:"] : [],
	});
	const headers = [...commonHeaders(addressing), { key: "Content-Security-Policy", value: `${policy}; frame-ancestors 'none'` }];
	return async () => [{ source: "/:path*", headers }];
}

/**
 * The Next.js configuration that all sites share. Base domain and scheme are put into the build; the port base stays a
 * run-time variable. A value that cannot be meant ends the process with one line, at the build and at the start.
 */
export function createNextConfig(options: SiteConfigOptions): NextConfig {
	const addressing = readAddressing(options.site);
	const shared: NextConfig = {
		env: { OPTA_BASE_DOMAIN: addressing.baseDomain, OPTA_SCHEME: addressing.scheme },
		poweredByHeader: false,
		agentRules: false,
		devIndicators: false,
		reactStrictMode: true,
		productionBrowserSourceMaps: false,
		images: { unoptimized: true },
		typescript: { ignoreBuildErrors: true },
		turbopack: { root: repositoryRoot },
		outputFileTracingRoot: repositoryRoot,
		...(options.export ? { output: "export" } : { headers: serverHeaders(addressing, options.ownPolicy === true) }),
	};
	return { ...shared, ...options.extend };
}
