import { attachSpec } from "../commands/attach/attach-spec.ts";
import { chatSpec, tuiSpec } from "../commands/chat/chat-spec.ts";
import { configSpec } from "../commands/config/config-spec.ts";
import { connectSpec } from "../commands/connect/connect-spec.ts";
import { daemonSpec } from "../commands/daemon/daemon-spec.ts";
import { doSpec } from "../commands/do/do-spec.ts";
import { mcpSpec } from "../commands/mcp/mcp-spec.ts";
import { modelsSpec } from "../commands/models/models-spec.ts";
import { sessionsSpec } from "../commands/sessions/sessions-spec.ts";
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
	configSpec,
	mcpSpec,
	daemonSpec,
	versionSpec,
];
