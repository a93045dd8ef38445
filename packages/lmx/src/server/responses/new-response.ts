import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { ModelResponse, ResponseRequest } from "@opta/contracts/schema/lmx-responses";
import { v7 as uuid } from "uuid";

/** A new id in the manner of the OpenAI API, such as `resp_…`. */
export function newId(kind: "resp" | "msg" | "rs" | "fc" | "mcp"): string {
	return `${kind}_${uuid().replaceAll("-", "")}`;
}

/** A response before anything is generated. `chat` is what the model is asked, with its defaults. */
export function newResponse(body: ResponseRequest, model: string, chat: ChatRequest, isStored: boolean): ModelResponse {
	return {
		id: newId("resp"),
		object: "response",
		created_at: Math.floor(Date.now() / 1000),
		completed_at: null,
		status: "in_progress",
		background: false,
		error: null,
		incomplete_details: null,
		instructions: body.instructions ?? null,
		max_output_tokens: body.max_output_tokens ?? null,
		max_tool_calls: body.max_tool_calls ?? null,
		metadata: body.metadata ?? {},
		model,
		output: [],
		parallel_tool_calls: body.parallel_tool_calls ?? true,
		previous_response_id: body.previous_response_id ?? null,
		prompt_cache_key: body.prompt_cache_key ?? null,
		reasoning: { effort: chat.reasoning_effort ?? null, summary: null },
		safety_identifier: body.safety_identifier ?? null,
		service_tier: "default",
		store: isStored,
		temperature: chat.temperature ?? null,
		text: { format: body.text?.format ?? { type: "text" } },
		tool_choice: body.tool_choice ?? "auto",
		tools: body.tools ?? [],
		top_logprobs: body.top_logprobs ?? 0,
		top_p: chat.top_p ?? null,
		truncation: "disabled",
		usage: null,
		user: body.user ?? null,
	};
}
