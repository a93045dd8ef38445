import { configPatchSchema, type DaemonConfig, daemonConfigSchema } from "@opta/contracts/schema/daemon-status";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import type { LiveConfig } from "../../config/live-config.ts";
import { setConfigValues } from "../../config/set-config-value.ts";
import { homeFiles } from "../../platform/home-files.ts";
import { done, failed } from "../../sessions/outcome.ts";
import { jsonRoute, type Route } from "../route.ts";

/** What the routes of the configuration need. */
export interface ConfigParts {
	readonly home: string;
	readonly config: LiveConfig;
	readonly hasAdminKey: () => Promise<boolean>;
}

/** Names stay, values do not: keys of servers stand there. */
function hideValues(values: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.keys(values).map((name) => [name, "[hidden]"]));
}

function hideSecrets(server: McpServerConfig): McpServerConfig {
	return "command" in server ? { ...server, env: hideValues(server.env) } : { ...server, headers: hideValues(server.headers) };
}

async function describe({ home, config, hasAdminKey }: ConfigParts): Promise<DaemonConfig> {
	const { connection, mcp, ...rest } = config.current();
	const { adminKey: _secret, ...shown } = connection;
	return {
		config: {
			connection: shown,
			...rest,
			mcp: Object.fromEntries(Object.entries(mcp).map(([name, server]) => [name, hideSecrets(server)])),
		},
		hasAdminKey: await hasAdminKey(),
		notices: [...config.notices()],
		file: homeFiles(home).config,
	};
}

/** The configuration as it is in use, and changes of the user's file. */
export function configRoutes(parts: ConfigParts): readonly Route[] {
	return [
		jsonRoute({
			access: "client",
			remote: "never",
			method: "GET",
			path: "/v3/config",
			summary: "The configuration that holds now, without secrets",
			answer: daemonConfigSchema,
			handle: async () => done(await describe(parts)),
		}),
		jsonRoute({
			access: "client",
			remote: "never",
			method: "PATCH",
			path: "/v3/config",
			summary: "Change settings of the user's file by dotted names; null removes one",
			body: configPatchSchema,
			answer: daemonConfigSchema,
			handle: async ({ body }) => {
				const changes = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? undefined]));
				const change = await setConfigValues(parts.home, changes);
				if (!change.ok) {
					return failed("invalid_request", change.message);
				}
				return done(await describe(parts));
			},
		}),
	];
}
