import { attachSpec } from "../commands/attach/attach-spec.ts";
import { chatSpec, tuiSpec } from "../commands/chat/chat-spec.ts";
import { doSpec } from "../commands/do/do-spec.ts";
import { modelsSpec } from "../commands/models/models-spec.ts";
import { sessionsSpec } from "../commands/sessions/sessions-spec.ts";
import { versionSpec } from "../commands/version/version-spec.ts";
import type { CommandSpec } from "./command-spec.ts";

/** Every command of `opta`, in the order of the help. */
export const commandSpecs: readonly CommandSpec[] = [chatSpec, tuiSpec, doSpec, attachSpec, sessionsSpec, modelsSpec, versionSpec];
