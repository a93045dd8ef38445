import type { ModelProbe } from "@opta/contracts/schema/daemon-status";
import type { ModelEvent, ModelFailure, ModelRequest, ModelResult, ModelSource, ModelSpeed } from "./model-source.ts";
import { readTextCalls } from "./text-calls.ts";

/** The tool that a model is asked to call. */
export const probeToolName = "report_ready";

const questions = [
	`Call the tool ${probeToolName} with "ready" set to true.`,
	`Use your tool ${probeToolName} now. Set its argument "ready" to true and say nothing else.`,
];

/** What was found out by asking. `model` is the name under which the server answered. */
export interface MeasuredModel {
	readonly model: string;
	readonly tools: ModelProbe["tools"];
	readonly speed: ModelSpeed;
}

function probeRequest(model: string, question: string): ModelRequest {
	return {
		model,
		messages: [
			{ role: "system", content: "You are an assistant that uses tools." },
			{ role: "user", content: question },
		],
		tools: [
			{
				name: probeToolName,
				description: "Tells that you are ready.",
				parameters: { type: "object", properties: { ready: { type: "boolean" } }, required: ["ready"], additionalProperties: false },
			},
		],
		temperature: 0,
		// Enough for the call; thoughts that fill it are taken for those of a model that knows tools.
		maxTokens: 128,
	};
}

interface ProbeAnswer extends MeasuredModel {
	readonly failure: ModelFailure | null;
}

async function readAnswer(events: AsyncIterable<ModelEvent>, model: string, report: (event: ModelEvent) => void): Promise<ProbeAnswer> {
	let text = "";
	let thought = false;
	let called = false;
	for await (const event of events) {
		if (event.type === "progress") {
			report(event);
		} else if (event.type === "text") {
			text += event.text;
		} else if (event.type === "reasoning") {
			thought = true;
		} else if (event.type === "call") {
			called ||= event.call.name === probeToolName;
		} else if (event.type === "failed") {
			return { model, tools: "none", speed: { promptTokensPerSecond: null, tokensPerSecond: null }, failure: event.failure };
		} else {
			const wrote = readTextCalls(text, new Set([probeToolName])).calls.length > 0;
			// Thoughts that fill the whole answer tell nothing against tools.
			const isUndecided = thought && event.reason === "length";
			return { model: event.model, tools: called || isUndecided ? "native" : wrote ? "text" : "none", speed: event.speed, failure: null };
		}
	}
	throw new Error("An answer ended without its last event.");
}

/** Some servers refuse tools with an error instead of an answer. */
function refusesTools({ code, message }: ModelFailure): boolean {
	return (code === "invalid_request" || code === "unsupported_parameter" || code === "internal") && /tool|function/i.test(message);
}

/** Asks a model to call a tool, twice at most, and takes its speed on the way. */
export async function measureModel(
	source: Pick<ModelSource, "ask">,
	model: string,
	signal: AbortSignal,
	report: (event: ModelEvent) => void,
): Promise<ModelResult<MeasuredModel>> {
	let measured: MeasuredModel = { model, tools: "none", speed: { promptTokensPerSecond: null, tokensPerSecond: null } };
	for (const question of questions) {
		const { failure, ...answer } = await readAnswer(source.ask(probeRequest(model, question), signal), model, report);
		if (failure !== null) {
			return refusesTools(failure) ? { ok: true, value: measured } : { ok: false, failure };
		}
		measured = answer;
		if (answer.tools !== "none") {
			break;
		}
	}
	return { ok: true, value: measured };
}
