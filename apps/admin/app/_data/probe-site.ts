import { internalRequest } from "@opta/contracts/addressing";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { type SiteName, siteByName } from "@opta/contracts/sites";
import { request } from "undici";

/** What one site answered when it was asked just now. */
export interface SiteProbe {
	readonly site: SiteName;
	readonly state: "up" | "down";
	/** What is wrong, for a person; null when all is well. */
	readonly reason: string | null;
	readonly latencyMs: number | null;
	/** Build that a server site states; null for exported sites and silent ones. */
	readonly build: string | null;
}

function readBuild(body: unknown): string | null {
	return typeof body === "object" && body !== null && "build" in body && typeof body.build === "string" ? body.build : null;
}

function failureText(error: unknown, timeoutMs: number): string {
	if (error instanceof Error && error.name === "TimeoutError") {
		return `no answer within ${timeoutMs / 1000} s`;
	}
	return error instanceof Error && "code" in error && error.code === "ECONNREFUSED" ? "nothing listens there" : "the connection failed";
}

/** Asks one site whether it answers: server sites at `/api/health`, exported ones at `/`. Never throws. */
export async function probeSite(addressing: SiteAddressing, site: SiteName, timeoutMs: number): Promise<SiteProbe> {
	const isServer = siteByName(site).kind === "server";
	const { url, headers } = internalRequest(addressing, site, isServer ? "/api/health" : "/");
	const startedAt = performance.now();
	try {
		const { statusCode, body } = await request(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
		const build = isServer && statusCode === 200 ? readBuild(await body.json()) : null;
		if (!body.bodyUsed) {
			await body.dump();
		}
		const latencyMs = Math.round(performance.now() - startedAt);
		return statusCode === 200
			? { site, state: "up", reason: null, latencyMs, build }
			: { site, state: "down", reason: `answered with status ${statusCode}`, latencyMs, build };
	} catch (error) {
		return { site, state: "down", reason: failureText(error, timeoutMs), latencyMs: null, build: null };
	}
}
