import { internalRequest } from "@opta/contracts/addressing";
import type { ComponentReport } from "@opta/contracts/schema/status-report";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { sites } from "@opta/contracts/sites";
import type { StatusSettings } from "./settings.ts";

/** How a part is asked, and what counts as an answer of its own. */
export interface ProbeRequest {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** `health`: 200 with `{status: "ok"}`. `page`: 200, whatever the body. */
	readonly expects: "health" | "page";
}

/** A watched part; `request` is null where it is not configured. */
export interface ProbeTarget extends Pick<ComponentReport, "id" | "title" | "group"> {
	readonly request: ProbeRequest | null;
}

function lmxTarget({ lmxUrl }: StatusSettings): ProbeTarget {
	return {
		id: "lmx",
		title: "LMX",
		group: "inference",
		request: lmxUrl === null ? null : { url: `${lmxUrl}/readyz`, headers: {}, expects: "health" },
	};
}

/** Supabase's health route wants a key, hosted and embedded alike; its public keys are served to everybody. */
function supabaseTarget({ supabaseUrl, supabaseKey }: StatusSettings): ProbeTarget {
	const part = { id: "supabase", title: "Supabase", group: "data" } as const;
	if (supabaseUrl === null) {
		return { ...part, request: null };
	}
	const url = `${supabaseUrl}/auth/v1/${supabaseKey === null ? ".well-known/jwks.json" : "health"}`;
	return { ...part, request: { url, headers: supabaseKey === null ? {} : { apikey: supabaseKey }, expects: "page" } };
}

/** Everything that is watched: LMX, Supabase and the eight sites (ids `site-<name>`), in the order of the page. */
export function probeTargets(settings: StatusSettings, addressing: SiteAddressing): readonly ProbeTarget[] {
	const siteTargets = sites.map((site): ProbeTarget => {
		const onServer = site.kind === "server";
		const request = internalRequest(addressing, site.name, onServer ? "/api/health" : "/");
		return {
			id: `site-${site.name}`,
			title: site.name === "home" ? "Home" : site.title,
			group: "sites",
			request: { ...request, expects: onServer ? "health" : "page" },
		};
	});
	return [lmxTarget(settings), supabaseTarget(settings), ...siteTargets];
}
