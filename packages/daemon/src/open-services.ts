import { mkdirSync } from "node:fs";
import { realpath } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { defaultPorts } from "@opta/contracts/ports";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { createAgent } from "./agent/create-agent.ts";
import { openCheckpoints } from "./checkpoints/open-checkpoints.ts";
import { openChildren } from "./children/open-children.ts";
import { openComputerSecrets, readAdminKey } from "./config/admin-key.ts";
import type { LiveConfig } from "./config/live-config.ts";
import { createEgress } from "./egress/create-egress.ts";
import type { RotatingFile } from "./logs/rotating-file.ts";
import { openModels } from "./model/open-models.ts";
import { openPairCodes } from "./pairing/pair-codes.ts";
import { openPairedClients } from "./pairing/paired-clients.ts";
import { digestOf } from "./pairing/secret-digest.ts";
import { homeFiles } from "./platform/home-files.ts";
import { type Environment, thisPlatform } from "./platform/opta-home.ts";
import { plainEnvironment } from "./platform/plain-environment.ts";
import { openReach, type Reach } from "./reach/open-reach.ts";
import { detectSandbox } from "./sandbox/detect-sandbox.ts";
import { createServer } from "./server/create-server.ts";
import { chatRoute } from "./server/routes/chat-route.ts";
import { clientRoutes } from "./server/routes/client-routes.ts";
import { configRoutes } from "./server/routes/config-routes.ts";
import { infoRoutes } from "./server/routes/info-routes.ts";
import { operationRoutes } from "./server/routes/operation-routes.ts";
import { permissionRoutes } from "./server/routes/permission-routes.ts";
import { sessionRoutes } from "./server/routes/session-routes.ts";
import { openReaders } from "./server/streams/readers.ts";
import { streamRoute } from "./server/streams/stream-route.ts";
import { openSessions } from "./sessions/open-sessions.ts";
import type { Sessions } from "./sessions/sessions.ts";
import { describeHealth, describeStatus } from "./status/describe-status.ts";
import { describeTools } from "./status/describe-tools.ts";
import { watchMemory } from "./status/watch-memory.ts";
import { browserTools } from "./tools/browser/browser-tools.ts";
import { createPathLocks } from "./tools/files/path-locks.ts";
import { createReadLedger } from "./tools/files/read-ledger.ts";
import { lspTools } from "./tools/lsp/lsp-tools.ts";
import { openMcpServers } from "./tools/mcp/open-mcp-servers.ts";
import { createToolRegistry } from "./tools/registry/create-tool-registry.ts";
import { withToolRules } from "./tools/registry/with-tool-rules.ts";
import { shellTools } from "./tools/shell/shell-tools.ts";
import { isNamedOrigin } from "./tools/web/origin-rules.ts";
import { readAnthropicKey } from "./vault/provider-keys.ts";
import { openSignedInAccount } from "./vault/signed-in-account.ts";

/** Clients that may hold a stream or a socket open at the same time. */
const maxReaders = 128;

/** What the parts of a daemon are opened with. */
export interface ServiceOptions {
	readonly home: string;
	readonly environment: Environment;
	readonly build: string;
	readonly token: string;
	readonly config: LiveConfig;
	readonly log: RotatingFile;
	readonly logger: Logger;
	readonly address: () => string;
	readonly isDraining: () => boolean;
	readonly shutDown: (drainMs: number) => void;
	/** Told how to close each part, in the order in which they were opened. */
	readonly onOpened: (close: () => Promise<void> | void) => void;
}

/** The parts that the rest is about. */
export interface Services {
	/** Does not listen yet. */
	readonly app: FastifyInstance;
	readonly sessions: Sessions;
	readonly reach: Reach;
	readonly startedAt: Date;
}

/** Opens everything that a daemon is made of and joins it. */
export async function openServices(options: ServiceOptions): Promise<Services> {
	const { home, environment, config, logger, onOpened } = options;
	const files = homeFiles(home);
	const startedAt = new Date();
	const plain = plainEnvironment(environment);
	const account = openSignedInAccount(files.account);
	const lmxAddress = () => {
		const { host, port } = config.current().connection;
		return { host: host ?? "127.0.0.1", port: port ?? defaultPorts.lmx };
	};

	const egress = createEgress({
		localOnly: () => config.current().localOnly,
		lmxAddress,
		mayFetchPrivately: (origin) => isNamedOrigin(config.current().tools, origin),
	});
	onOpened(egress.close);
	const models = openModels({
		egress,
		config: () => config.current(),
		lmxAddress,
		adminKey: () => readAdminKey(config.current(), home),
		anthropicKey: async () => {
			const signedIn = account();
			const own = environment.ANTHROPIC_API_KEY;
			if (own !== undefined && own !== "") {
				return own;
			}
			return signedIn === null ? null : readAnthropicKey(await openSecretStore(signedIn.userId, files.vaultSecrets));
		},
		folder: files.models,
		onProblem: (message) => logger.warn(message),
	});
	onOpened(models.close);

	const { tools: toolSettings, daemon: daemonSettings, mcp: mcpSettings } = config.current();
	mkdirSync(path.dirname(files.children), { recursive: true, mode: 0o700 });
	const children = await openChildren({
		maxChildren: daemonSettings.maxChildren,
		storeFile: files.children,
		onProblem: (message) => logger.warn(message),
	});
	onOpened(children.close);
	const sandbox = await detectSandbox({
		platform: thisPlatform(),
		enabled: toolSettings.sandbox.enabled,
		userHome: os.homedir(),
		hidden: [home],
		searchPath: environment.PATH ?? "",
	});
	const mcp = await openMcpServers({
		servers: mcpSettings,
		children,
		fetch: egress.way("mcp").fetch,
		environment: plain,
		secrets: () => openComputerSecrets(home),
		stateFolder: files.mcp,
		onProblem: (server, message) => logger.warn({ server }, message),
	});
	// Servers that were never seen are started once, so that their tools are known.
	void mcp.connect();
	const changes = { ledger: createReadLedger(), locks: createPathLocks() };
	const realHome = await realpath(home);
	const tools = createToolRegistry({
		changes,
		home: realHome,
		config: () => config.current().tools,
		egress,
		groups: [
			shellTools({
				children,
				sandbox,
				timeoutMs: toolSettings.shellTimeoutMs,
				network: () => (config.current().tools.sandbox.network ? "on" : config.current().localOnly ? "off" : "ask"),
			}),
			lspTools({ children, sandbox, environment: plain, changes }),
			browserTools({
				children,
				sessionFolder: (sessionId) => path.join(files.pictures, sessionId),
				origins: () => config.current().tools,
				environment: plain,
				assertReachable: (url) => egress.assertAllowed(url, "browser"),
			}),
		],
		mcp,
	});
	onOpened(tools.close);
	const checkpoints = await openCheckpoints({ folder: files.checkpoints, onProblem: (message) => logger.warn(message) });
	onOpened(checkpoints.close);
	const runner = createAgent({ models, tools, config: config.forWorkspace });
	const sessions = await openSessions({
		home,
		runner,
		checkpoints,
		config: (workspace) => withToolRules(config.forWorkspace(workspace), realHome, workspace),
		environment: plain,
		log: (level, message, details) => logger[level](details, message),
		onSessionClosed: async (sessionId) => {
			await Promise.all([tools.closeSession(sessionId), children.endSession(sessionId)]);
		},
	});

	const clients = await openPairedClients(files.pairedClients, (message) => logger.warn(message));
	const codes = openPairCodes();
	const readers = openReaders(maxReaders);
	onOpened(
		watchMemory({
			usedBytes: () => process.memoryUsage.rss(),
			limitBytes: () => config.current().daemon.maxMemoryBytes,
			onOver: (used, limit) => logger.warn({ used, limit }, "the daemon uses more memory than daemon.maxMemoryBytes: opta daemon restart"),
		}),
	);
	const reach = openReach({ home, build: options.build, config, account, egress, logger });
	const statusParts = { ...options, sessions, readers, children, models, sandbox, reach, startedAt };
	const app = await createServer({
		routes: [
			...infoRoutes({
				health: () => describeHealth(options.build),
				status: (gone) => describeStatus(statusParts, gone),
				models,
				tools: async () => describeTools(tools, mcp),
			}),
			...sessionRoutes(sessions),
			streamRoute(sessions, readers),
			...permissionRoutes(sessions),
			...configRoutes({ home, config, hasAdminKey: async () => (await readAdminKey(config.current(), home)) !== null }),
			...clientRoutes(clients, codes),
			...operationRoutes({
				pullVault: async (body) => {
					// Loaded when it is needed: most daemons never pull.
					const { pullOnce } = await import("./vault/pull-operation.ts");
					return pullOnce({ home, egress, accountsOrigin: () => config.current().accounts.origin }, body);
				},
				shutDown: options.shutDown,
			}),
			chatRoute(sessions, os.homedir()),
		],
		sessions,
		rules: { tokenDigest: digestOf(options.token), clients, codes },
		readers,
		account,
		remote: reach,
		build: options.build,
		logger,
	});
	onOpened(reach.close);
	onOpened(async () => {
		await app.close();
	});
	// Before the server: it ends streams in order and takes nothing any more.
	onOpened(sessions.close);
	return { app, sessions, reach, startedAt };
}
