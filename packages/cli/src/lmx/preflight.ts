import { api } from "@opta/contracts/build";
import { adminModelListSchema } from "@opta/contracts/schema/lmx-admin-models";
import { modelListSchema } from "@opta/contracts/schema/lmx-models";
import { healthSchema } from "@opta/contracts/schema/lmx-status";
import type { LmxPlace } from "@opta/daemon/discovery/find-lmx";
import type { LmxAdmin } from "./lmx-admin.ts";

/** What was found out about a host before it is used. */
export interface Preflight {
	readonly address: string;
	readonly source: LmxPlace["source"] | "argument";
	readonly reachable: boolean;
	readonly latencyMs: number | null;
	readonly build: string | null;
	readonly models: readonly { readonly id: string; readonly state: string; readonly contextTokens: number | null }[];
	/** The admin key: not asked for, asked for and good, asked for and missing or wrong. */
	readonly adminKey: "not_needed" | "accepted" | "needed" | "unknown";
	/** True where a chat could begin now. */
	readonly usable: boolean;
	readonly problem: string | null;
}

const timeoutMs = 5000;

/** Looks at a host: is it LMX, which, what models has it, does it want a key, how fast does it answer. */
export async function preflight(admin: LmxAdmin, source: Preflight["source"], hasKey: boolean): Promise<Preflight> {
	const startedAt = performance.now();
	const health = await admin.ask({ path: "/healthz", schema: healthSchema, timeoutMs });
	const latencyMs = Math.round(performance.now() - startedAt);
	const none = { address: admin.baseUrl, source, build: null, models: [], adminKey: "unknown", usable: false } as const;
	if (!health.ok) {
		const isSilent = health.error.status === null;
		return { ...none, reachable: !isSilent, latencyMs: isSilent ? null : latencyMs, problem: health.error.message };
	}
	const [models, administered] = await Promise.all([
		admin.ask({ path: "/v1/models", schema: modelListSchema, timeoutMs }),
		admin.ask({ path: "/admin/models", schema: adminModelListSchema, timeoutMs }),
	]);
	const isRefused = !administered.ok && (administered.error.status === 401 || administered.error.status === 403);
	const adminKey = administered.ok ? (hasKey ? "accepted" : "not_needed") : isRefused ? "needed" : "unknown";
	const listed = models.ok ? models.value.data : [];
	const speaks = health.value.api?.lmx ?? api.lmx;
	const problem = !models.ok
		? models.error.message
		: speaks !== api.lmx
			? `It speaks version ${speaks} of the interface, this program version ${api.lmx}. Update the older one.`
			: listed.length === 0
				? "It has no models yet. Download one: opta models pull <model>"
				: null;
	return {
		address: admin.baseUrl,
		source,
		reachable: true,
		latencyMs,
		build: health.value.build ?? null,
		models: listed.map(({ id, opta }) => ({ id, state: opta.state, contextTokens: opta.contextTokens })),
		adminKey,
		usable: problem === null,
		problem,
	};
}
