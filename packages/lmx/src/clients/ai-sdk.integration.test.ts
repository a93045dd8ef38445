import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateText, jsonSchema, Output, streamText, tool } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";
import { isWeather, type WeatherArguments, weatherParameters } from "../testing/weather-tool.ts";

let lmx: LmxProcess;
let provider: ReturnType<typeof createOpenAICompatible>;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	provider = createOpenAICompatible({ name: "lmx", baseURL: `${lmx.url}/v1`, supportsStructuredOutputs: true, includeUsage: true });
});
afterAll(() => lmx.stop());

const prompt = "Once upon a time";
const weatherSchema = jsonSchema<WeatherArguments>(weatherParameters as Parameters<typeof jsonSchema>[0]);

describe("the AI SDK with its OpenAI-compatible provider", () => {
	it("generates text, and streams it", async () => {
		const model = provider("stories260k");
		const whole = await generateText({ model, prompt, temperature: 0, maxOutputTokens: 40 });
		const stream = streamText({ model, prompt, temperature: 0, maxOutputTokens: 40 });
		expect(await stream.text).toBe(whole.text);
		expect(await stream.finishReason).toBe("length");
		expect((await stream.usage).outputTokens).toBe(40);
	});

	it("goes round with a tool that it runs itself", async () => {
		const asked: WeatherArguments[] = [];
		const execute = async (given: WeatherArguments): Promise<string> => {
			asked.push(given);
			return "sunny";
		};
		const weather = tool({ description: "Weather of a city", inputSchema: weatherSchema, execute });
		const { toolResults } = await generateText({
			model: provider("stories260k"),
			prompt: "Weather?",
			tools: { weather },
			toolChoice: "required",
			providerOptions: { lmx: { parallel_tool_calls: false } },
		});
		expect(asked.length).toBeGreaterThan(0);
		expect(asked.every(isWeather)).toBe(true);
		expect(toolResults[0]).toMatchObject({ toolName: "weather", output: "sunny" });
	});

	it("holds the answer to a schema", async () => {
		const { output } = await generateText({
			model: provider("stories260k"),
			prompt: "Weather?",
			output: Output.object({ schema: weatherSchema }),
			maxOutputTokens: 100,
		});
		expect(isWeather(output)).toBe(true);
	});

	it("makes embeddings", async () => {
		const { embeddings } = await embedMany({ model: provider.embeddingModel("stories260k"), values: ["A dog", "A cat"] });
		expect(embeddings.map((each) => each.length)).toEqual([64, 64]);
	});

	it("stops the model when it is aborted", async () => {
		const controller = new AbortController();
		const stream = streamText({ model: provider("stories260k"), prompt, maxOutputTokens: 400, abortSignal: controller.signal });
		for await (const _ of stream.textStream) {
			controller.abort();
		}
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
	});

	it("raises its own error class with the message of LMX", async () => {
		const failed = generateText({ model: provider("other"), prompt, maxRetries: 0 });
		await expect(failed).rejects.toSatisfy((error) => APICallError.isInstance(error) && error.statusCode === 404);
	});
});
