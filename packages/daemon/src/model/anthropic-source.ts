import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { EgressWay } from "../egress/egress.ts";
import { askAnthropic } from "./ask-anthropic.ts";
import type { ModelSource } from "./model-source.ts";

/** What Anthropic is asked with. */
export interface AnthropicParts {
	readonly way: EgressWay;
	readonly config: () => OptaConfig["anthropic"];
	readonly key: () => Promise<string | null>;
}

const publicUrl = "https://api.anthropic.com";

/** True for names of Anthropic's models. */
export function isAnthropicModel(name: string): boolean {
	return name.startsWith("claude-");
}

/** Anthropic's Messages API. Whether it may be asked at all is decided before. */
export function createAnthropicSource({ way, config, key }: AnthropicParts): ModelSource {
	const url = (): string => (config().baseUrl ?? publicUrl).replace(/\/+$/, "");
	return {
		provider: "anthropic",
		address: url,
		async *ask(request, signal) {
			yield* askAnthropic({ way, url: url(), key: (await key()) ?? "" }, request, signal);
		},
		models: async () => ({ ok: true, value: [{ id: config().model, state: null, contextTokens: null, vision: true, fileBytes: null }] }),
		close: async () => undefined,
	};
}
