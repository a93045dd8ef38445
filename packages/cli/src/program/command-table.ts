import { accountSpec } from "../commands/account/account-spec.ts";
import { acpSpec } from "../commands/acp/acp-spec.ts";
import { attachSpec } from "../commands/attach/attach-spec.ts";
import { botSpec } from "../commands/bot/bot-spec.ts";
import { chatSpec, tuiSpec } from "../commands/chat/chat-spec.ts";
import { completionSpec } from "../commands/completion/completion-spec.ts";
import { configSpec } from "../commands/config/config-spec.ts";
import { connectSpec } from "../commands/connect/connect-spec.ts";
import { daemonSpec } from "../commands/daemon/daemon-spec.ts";
import { doSpec } from "../commands/do/do-spec.ts";
import { doctorSpec } from "../commands/doctor/doctor-spec.ts";
import { hostSpec } from "../commands/host/host-spec.ts";
import { mcpSpec } from "../commands/mcp/mcp-spec.ts";
import { modelsSpec } from "../commands/models/models-spec.ts";
import { reachSpec } from "../commands/reach/reach-spec.ts";
import { serveSpec } from "../commands/serve/serve-spec.ts";
import { sessionsSpec } from "../commands/sessions/sessions-spec.ts";
import { statusSpec } from "../commands/status/status-spec.ts";
import { updateSpec } from "../commands/update/update-spec.ts";
import { vaultSpec } from "../commands/vault/vault-spec.ts";
import { versionSpec } from "../commands/version/version-spec.ts";
import type { CommandSpec } from "./command-spec.ts";

/** Every command of `opta`, in the order of the help. */
export const commandSpecs: readonly CommandSpec[] = [
	chatSpec,
	tuiSpec,
	doSpec,
	attachSpec,
	sessionsSpec,
	modelsSpec,
	connectSpec,
	serveSpec,
	statusSpec,
	doctorSpec,
	configSpec,
	mcpSpec,
	accountSpec,
	vaultSpec,
	reachSpec,
	hostSpec,
	botSpec,
	daemonSpec,
	acpSpec,
	completionSpec,
	versionSpec,
	updateSpec,
];
