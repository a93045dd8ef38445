import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { titlePromptStart } from "../agent/title-prompt.ts";
import { probeToolName } from "../model/measure-model.ts";
import { playReply, type ReplyWriter, type ScriptStep } from "./scripted-reply.ts";
import type { AnswerFacts } from "./scripted-transports.ts";

/** A request that the scripted model got. */
export interface ScriptedRequest {
	readonly via: "socket" | "sse";
	readonly body: ChatRequest;
	/** The messages and tools in their bytes, as a cache of prompts would see them. */
	readonly prompt: string;
	readonly authorization: string | null;
	/** `complete`, or `gone` when the client cancelled or hung up. */
	readonly ended: Promise<"complete" | "gone">;
}

/** What a script needs to know of its server. */
export interface ScriptedQueueOptions {
	readonly models: readonly string[];
	readonly toolSupport: "native" | "text" | "none";
	readonly otherwise: ((request: ScriptedRequest) => readonly ScriptStep[]) | undefined;
}

type Incoming = Pick<ScriptedRequest, "via" | "body" | "authorization">;

/** The replies that a test has put in, and the requests that took them. */
export interface ScriptedQueue {
	/** Turns' requests so far; questions for titles and measurements are in `asides`. */
	readonly requests: readonly ScriptedRequest[];
	readonly asides: readonly ScriptedRequest[];
	/** Adds a reply to the queue. */
	readonly reply: (...steps: readonly ScriptStep[]) => void;
	/** A reply for the first request that matches, before the queue. */
	readonly replyWhen: (matches: (request: ScriptedRequest) => boolean, ...steps: readonly ScriptStep[]) => void;
	/** The request of that number, from 0, also when it is still to come. */
	readonly request: (index: number) => Promise<ScriptedRequest>;
	/** Plays the reply for a request; returns what to call when its client is gone. */
	readonly answer: (incoming: Incoming, open: (facts: AnswerFacts, onEnd: () => void) => ReplyWriter) => () => void;
}

/** Prompts that are remembered, for what a new one shares with them. */
const mostPrompts = 50;

const probeReplies: Record<"native" | "text" | "none", readonly ScriptStep[]> = {
	native: [{ call: probeToolName, arguments: { ready: true } }],
	text: [{ text: `<tool_call>\n{"name": "${probeToolName}", "arguments": {"ready": true}}\n</tool_call>` }],
	none: [{ text: "I am ready." }],
};

function textOf(content: unknown): string {
	return typeof content === "string" ? content : JSON.stringify(content ?? "");
}

function sharedLength(left: string, right: string): number {
	let length = 0;
	while (length < left.length && left[length] === right[length]) {
		length++;
	}
	return length;
}

/** An empty script. */
export function createScriptedQueue({ models, toolSupport, otherwise }: ScriptedQueueOptions): ScriptedQueue {
	const requests: ScriptedRequest[] = [];
	const asides: ScriptedRequest[] = [];
	const queue: (readonly ScriptStep[])[] = [];
	const matchers: { matches: (request: ScriptedRequest) => boolean; steps: readonly ScriptStep[] }[] = [];
	const prompts: string[] = [];
	let waiting: { index: number; resolve: (request: ScriptedRequest) => void }[] = [];

	function stepsFor(request: ScriptedRequest): readonly ScriptStep[] {
		const { tools, messages } = request.body;
		const isProbe = tools?.some((tool) => tool.type === "function" && tool.function.name === probeToolName) === true;
		const isTitle = textOf(messages[0]?.content).startsWith(titlePromptStart);
		const matched = matchers.findIndex(({ matches }) => matches(request));
		const [own] = matched === -1 ? [] : matchers.splice(matched, 1);
		if (isProbe || isTitle) {
			asides.push(request);
			return own?.steps ?? (isProbe ? probeReplies[toolSupport] : [{ text: "A scripted title" }]);
		}
		requests.push(request);
		waiting = waiting.filter(({ index, resolve }) => {
			const found = requests[index];
			if (found !== undefined) {
				resolve(found);
			}
			return found === undefined;
		});
		const next = own?.steps ?? queue.shift() ?? otherwise?.(request);
		return next ?? [{ fail: "internal", message: "The script has no more replies." }];
	}

	function answer({ via, body, authorization }: Incoming, open: (facts: AnswerFacts, onEnd: () => void) => ReplyWriter): () => void {
		const prompt = JSON.stringify([body.tools ?? [], body.messages]);
		const cached = Math.max(0, ...prompts.map((earlier) => sharedLength(earlier, prompt)));
		prompts.push(prompt);
		prompts.splice(0, prompts.length - mostPrompts);
		const ended = Promise.withResolvers<"complete" | "gone">();
		const left = new AbortController();
		const gone = (): void => {
			ended.resolve("gone");
			left.abort();
		};
		const model = body.model === undefined || body.model === "auto" ? (models[0] ?? "scripted") : body.model;
		const facts = { model, promptTokens: Math.ceil(prompt.length / 4), cachedTokens: Math.floor(cached / 4) };
		const writer = open(facts, () => ended.resolve("complete"));
		const steps = stepsFor({ via, body, authorization, prompt, ended: ended.promise });
		const known = models.includes(model);
		queueMicrotask(() => void playReply(known ? steps : [{ fail: "model_not_found" }], writer, left.signal));
		return gone;
	}

	return {
		requests,
		asides,
		reply: (...steps) => void queue.push(steps),
		replyWhen: (matches, ...steps) => void matchers.push({ matches, steps }),
		request: (index) =>
			new Promise((resolve) => {
				const found = requests[index];
				if (found === undefined) {
					waiting.push({ index, resolve });
				} else {
					resolve(found);
				}
			}),
		answer,
	};
}
