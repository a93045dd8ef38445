import {
	type DaemonHealth,
	type DaemonStatus,
	type DaemonTools,
	daemonHealthSchema,
	daemonModelsSchema,
	daemonStatusSchema,
	daemonToolsSchema,
} from "@opta/contracts/schema/daemon-status";
import type { Models } from "../../model/models.ts";
import { done } from "../../sessions/outcome.ts";
import { jsonRoute, type Route } from "../route.ts";

/** What the daemon says of itself. */
export interface InfoParts {
	readonly health: () => DaemonHealth;
	readonly status: (gone: AbortSignal) => Promise<DaemonStatus>;
	readonly models: Pick<Models, "list">;
	readonly tools: () => Promise<DaemonTools>;
}

/** Health, state, models and tools. */
export function infoRoutes({ health, status, models, tools }: InfoParts): readonly Route[] {
	const client = { access: "client", remote: "see", method: "GET" } as const;
	return [
		jsonRoute({
			access: "open",
			remote: "see",
			method: "GET",
			path: "/v3/health",
			summary: "That this is a daemon, and which; the one answer that needs no token",
			answer: daemonHealthSchema,
			handle: () => done(health()),
		}),
		jsonRoute({
			...client,
			path: "/v3/status",
			summary: "State of the daemon, with everything that is bounded and its bound",
			answer: daemonStatusSchema,
			handle: async ({ gone }) => done(await status(gone)),
		}),
		jsonRoute({
			...client,
			path: "/v3/models",
			summary: "Models that sessions can use",
			answer: daemonModelsSchema,
			handle: async ({ gone }) => done(await models.list(gone)),
		}),
		jsonRoute({
			...client,
			path: "/v3/tools",
			summary: "Tools that sessions can use, and MCP servers",
			answer: daemonToolsSchema,
			handle: async () => done(await tools()),
		}),
	];
}
