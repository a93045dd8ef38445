import type { FoundHost } from "@opta/contracts/schema/found-hosts";
import { browseLmx, type FoundLmx } from "@opta/host-client/discovery/browse-lmx";

const lookMs = 2_000;
const mostHosts = 64;

let looking: Promise<readonly FoundHost[]> | null = null;

/** What was heard, as addresses of pages. An answer from the network that gives none is left out. */
export function toFoundHosts(found: readonly FoundLmx[]): readonly FoundHost[] {
	return found
		.flatMap(({ name, host, port, build, needsAdminKey }): FoundHost[] => {
			const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
			return URL.canParse(url) && new URL(url).origin === url ? [{ name, url, version: build, needsAdminKey }] : [];
		})
		.slice(0, mostHosts);
}

/** Hosts in the network of this server. Those who ask at the same time share one question. */
export function findHosts(): Promise<readonly FoundHost[]> {
	looking ??= browseLmx({ timeoutMs: lookMs })
		.then(toFoundHosts)
		.finally(() => {
			looking = null;
		});
	return looking;
}
