import { doorRoutes, rolesOfRoute } from "@opta/contracts/door-routes";
import { errorStatus, isErrorCode } from "@opta/contracts/error-codes";
import { defaultPorts } from "@opta/contracts/ports";
import { errorMeanings } from "./error-meanings.ts";
import type { Topic } from "./topic.ts";

const routeTexts: Readonly<Record<string, string>> = {
	"/healthz": "The process answers, with its build and interface versions",
	"/readyz": "A request without a model's name would be answered",
	"/v1/models": "Models that requests can name, with their state",
	"/v1/models/:id": "One of them",
	"/v1/chat/completions": "An answer to a conversation, whole or streamed",
	"/v1/completions": "A text gone on with",
	"/v1/embeddings": "Texts as vectors",
	"/v1/rerank": "Documents scored for a question",
	"/v1/responses": "An answer in the Responses API",
	"/v1/responses/:id": "A kept response",
	"/v1/responses/input_tokens": "Length of what would be read",
	"/v1/messages": "An answer in the Anthropic API",
	"/v1/messages/count_tokens": "Length of what would be read",
	"/tokenize": "A text as tokens",
	"/detokenize": "Tokens as text",
	"/apply-template": "The prompt that a chat becomes",
	"/admin/status": "Memory, loaded models, queues and rates",
	"/admin/health": "The same as /readyz",
	"/admin/doctor": "Every layer between you and a model, with what to do where one is broken",
	"/admin/events": "Everything that happens, as a stream of events",
	"/admin/logs": "The last lines of the log, or all that follow",
	"/admin/models": "Models on the host, loaded or on disk",
	"/admin/models/:id": "Delete a model from the disk",
	"/admin/models/load": "Load a model, or change how it is run",
	"/admin/models/unload": "Unload a model",
	"/admin/models/estimate": "What a model would take of the memory",
	"/admin/models/download": "Download a model",
	"/admin/model/download": "The older spelling of it",
	"/admin/downloads": "Downloads as jobs",
	"/admin/quantize": "Quantisations as jobs",
	"/admin/bench": "Speed measurements as jobs",
	"/admin/presets": "Named parameters and system prompts",
	"/admin/presets/:name": "One of them",
	"/admin/skills": "Prompt templates with tools",
	"/admin/config/reload": "Read the configuration file again",
	"/peers": "Your own devices that are joined to the host, or lately were",
	"/peers/:deviceId/v3/*": "The daemon of one of your devices, for its owner alone",
	"/v3/*": "The daemon on the host, for its owner alone",
	"/v1/chat": "A turn of that daemon, in its older form",
};

/** A job's routes are those of its kind. */
function textOf(path: string): string {
	const action = /^(\/admin\/\w+)\/:id(?:\/(\w+))?$/.exec(path);
	return routeTexts[path] ?? (action === null ? "" : `${routeTexts[action[1] ?? ""] ?? ""}: ${action[2] ?? "one of them"}`);
}

/** Routes of the inference server, the chat request, and errors. */
export const api: Topic = {
	slug: "api",
	title: "API of the host",
	summary: "Routes, roles, the chat request, errors",
	sections: [
		{
			id: "routes",
			title: "Routes and roles",
			blocks: [
				{
					kind: "text",
					text: `On the host itself, LMX answers at port ${defaultPorts.lmx} without a key. From the sites, every request passes the tunnel door, which opens a route only to the roles below. A route that is not in this table is refused to everybody.`,
				},
				{
					kind: "table",
					caption: "Routes that the tunnel door forwards",
					columns: ["Route", "Answers", "Open to"],
					rows: doorRoutes.map((route) => [`${route.method} ${route.path}`, textOf(route.path), rolesOfRoute(route).join(", ")]),
				},
			],
		},
		{
			id: "chat",
			title: "POST /v1/chat/completions",
			blocks: [
				{
					kind: "text",
					text: "The request is the one of the OpenAI API, so existing clients work: set their base address to the host and any key. Parameters that LMX does not honour are refused by name.",
				},
				{
					kind: "table",
					caption: "Parameters",
					columns: ["Parameter", "Meaning"],
					rows: [
						["messages", "The conversation: `system`, `developer`, `user` and `assistant` messages with text"],
						["model", "Name of a model; left out or `auto`: the best one that is loaded"],
						["stream", "`true`: the answer comes as server-sent events, token by token"],
						["stream_options", '`{"include_usage": true}` adds token counts to a streamed answer'],
						["max_completion_tokens", "Most tokens of the answer; `max_tokens` means the same"],
						["temperature", "0 to 2; 0 always takes the likeliest token"],
						["top_p, top_k, min_p", "Limits on which tokens may be drawn"],
						["seed", "Makes drawing repeatable"],
						["stop", "One text or up to 16 at which the answer ends"],
						["n", "1 only"],
						["user, metadata", "Accepted for the sake of clients"],
					],
				},
				{
					kind: "code",
					label: "request",
					code: `curl -N http://127.0.0.1:${defaultPorts.lmx}/v1/chat/completions \\
  -H 'content-type: application/json' \\
  -d '{"stream": true, "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`,
				},
				{
					kind: "text",
					text: "The last event with a choice carries `finish_reason` and `timings`: tokens and milliseconds for the prompt and for the answer, without the time in the queue. Closing the connection stops the work.",
				},
			],
		},
		{
			id: "errors",
			title: "Errors",
			blocks: [
				{
					kind: "text",
					text: 'Every error has the same body: `{"error": {"code", "message", "type"}}`, with `param` and `details` where they help. The message says what happened and what to do next; programs should look at the code.',
				},
				{
					kind: "table",
					caption: "Error codes",
					columns: ["Code", "HTTP", "Meaning"],
					rows: Object.entries(errorStatus).map(([code, status]) => [code, String(status), isErrorCode(code) ? errorMeanings[code] : ""]),
				},
			],
		},
	],
};
