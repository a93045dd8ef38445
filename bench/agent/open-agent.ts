import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { optaConfigSchema } from "@opta/contracts/schema/opta-config";
import { createAgent } from "@opta/daemon/agent/create-agent";
import { openChildren } from "@opta/daemon/children/open-children";
import { createEgress } from "@opta/daemon/egress/create-egress";
import { openModels } from "@opta/daemon/model/open-models";
import { thisPlatform } from "@opta/daemon/platform/opta-home";
import { detectSandbox } from "@opta/daemon/sandbox/detect-sandbox";
import { createPathLocks } from "@opta/daemon/tools/files/path-locks";
import { createReadLedger } from "@opta/daemon/tools/files/read-ledger";
import { createToolRegistry } from "@opta/daemon/tools/registry/create-tool-registry";
import { shellTools } from "@opta/daemon/tools/shell/shell-tools";
import type { TurnRunner } from "@opta/daemon/turns/turn-runner";

/** The agent with its real tools, and the model that it was given. */
export interface OpenAgent {
	readonly agent: TurnRunner;
	/** The model that answers, and what was measured of it. */
	readonly describeModel: () => Promise<string>;
	readonly close: () => Promise<void>;
}

/** Steps that a task may take at most: they are small. */
const maxSteps = 20;

/** Opens the agent with the daemon's own tools against a model server, in a home of its own. `model` is a name or `auto`. */
export async function openAgent(server: { readonly host: string; readonly port: number }, model: string): Promise<OpenAgent> {
	const home = mkdtempSync(path.join(tmpdir(), "opta-bench-home-"));
	const config = optaConfigSchema.parse({ model, agent: { maxSteps, temperature: 0, titles: false } });
	const egress = createEgress({ localOnly: () => false, lmxAddress: () => server });
	const warn = (message: string): void => void process.stderr.write(`${message}\n`);
	const noKey = async (): Promise<string | null> => null;
	const models = openModels({
		egress,
		config: () => config,
		lmxAddress: () => server,
		adminKey: noKey,
		anthropicKey: noKey,
		folder: path.join(home, "models"),
		onProblem: warn,
	});
	const children = await openChildren({ maxChildren: 16, storeFile: path.join(home, "children.json"), onProblem: warn });
	const sandbox = await detectSandbox({
		platform: thisPlatform(),
		enabled: true,
		userHome: homedir(),
		hidden: [home],
		searchPath: "/usr/local/bin:/usr/bin:/bin",
	});
	const tools = createToolRegistry({
		changes: { ledger: createReadLedger(), locks: createPathLocks() },
		home,
		config: () => config.tools,
		egress,
		groups: [shellTools({ children, sandbox, timeoutMs: config.tools.shellTimeoutMs, network: () => "off" })],
	});
	return {
		agent: createAgent({ models, tools, config: () => config }),
		async describeModel() {
			const choice = await models.choose("auto", AbortSignal.timeout(600_000), () => undefined);
			if (!choice.ok) {
				throw new Error(choice.failure.message);
			}
			const { id, probe } = choice.value;
			return `${id}: window ${probe.contextTokens ?? "unknown"}, calls ${probe.tools}`;
		},
		async close() {
			await tools.close();
			await children.close();
			await models.close();
			await egress.close();
			rmSync(home, { recursive: true, force: true });
		},
	};
}
