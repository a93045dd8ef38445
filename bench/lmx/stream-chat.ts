import { type IncomingMessage, request } from "node:http";
import { performance } from "node:perf_hooks";

/** What of a streamed event is read here; every server that speaks the OpenAI API has it. */
interface SeenChunk {
	readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
	readonly usage?: {
		readonly prompt_tokens: number;
		readonly completion_tokens: number;
		readonly prompt_tokens_details?: { readonly cached_tokens?: number };
	} | null;
	readonly error?: { readonly message: string };
}

/** What a reader of a streamed answer saw; times in milliseconds since the question was sent. */
export interface SeenAnswer {
	readonly text: string;
	readonly firstTextMs: number;
	readonly lastTextMs: number;
	/** Longest silence between two texts. */
	readonly longestGapMs: number;
	readonly promptTokens: number;
	readonly cachedTokens: number;
	readonly completionTokens: number;
}

/** A question: the body of a chat completion without what streaming adds. */
export type ChatBody = { readonly messages: readonly { readonly role: string; readonly content: string }[] } & Readonly<
	Record<string, unknown>
>;

/** How the reader takes part while the answer runs. */
export interface ReaderOptions {
	/** Closes the connection. */
	readonly signal?: AbortSignal;
	/** Hears of every text, with the milliseconds since the question was sent. */
	readonly onText?: (atMs: number) => void;
}

function open(url: string, body: string, signal: AbortSignal | undefined): Promise<IncomingMessage> {
	return new Promise((resolve, reject) => {
		const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
		// A kept connection may be closed by the server in the moment of its use.
		const options = { method: "POST", headers, agent: false, ...(signal === undefined ? {} : { signal }) };
		const sent = request(`${url}/v1/chat/completions`, options, resolve);
		sent.on("error", reject);
		sent.end(body);
	});
}

async function* events(response: IncomingMessage): AsyncGenerator<string> {
	let rest = "";
	for await (const piece of response.setEncoding("utf8")) {
		const blocks = (rest + piece).split("\n\n");
		rest = blocks.pop() ?? "";
		for (const block of blocks) {
			if (block.startsWith("data: {")) {
				yield block.slice("data: ".length);
			}
		}
	}
}

/** Asks and reads the answer as a stream. @throws when the server refuses, breaks off or reports an error. */
export async function streamChat(url: string, question: ChatBody, options: ReaderOptions = {}): Promise<SeenAnswer> {
	const sentAtMs = performance.now();
	const body = JSON.stringify({ ...question, stream: true, stream_options: { include_usage: true } });
	const response = await open(url, body, options.signal);
	if (response.statusCode !== 200) {
		throw new Error(`${url} answered ${response.statusCode}: ${(await response.setEncoding("utf8").toArray()).join("")}`);
	}
	const textAtMs: number[] = [];
	let text = "";
	let usage: SeenChunk["usage"];
	for await (const event of events(response)) {
		const chunk: SeenChunk = JSON.parse(event);
		if (chunk.error !== undefined) {
			throw new Error(`${url}: ${chunk.error.message}`);
		}
		const content = chunk.choices?.[0]?.delta.content;
		if (content) {
			const atMs = performance.now() - sentAtMs;
			text += content;
			textAtMs.push(atMs);
			options.onText?.(atMs);
		}
		usage ??= chunk.usage;
	}
	const [firstTextMs] = textAtMs;
	const lastTextMs = textAtMs.at(-1);
	if (firstTextMs === undefined || lastTextMs === undefined || usage == null) {
		throw new Error(`The answer of ${url} broke off.`);
	}
	return {
		text,
		firstTextMs,
		lastTextMs,
		longestGapMs: Math.max(0, ...textAtMs.slice(1).map((atMs, index) => atMs - (textAtMs[index] ?? atMs))),
		promptTokens: usage.prompt_tokens,
		cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
		completionTokens: usage.completion_tokens,
	};
}
