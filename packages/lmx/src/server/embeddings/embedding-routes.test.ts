import fc from "fast-check";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientLeft } from "../../serving/client-left.ts";
import { FakeProvider } from "../../testing/fake-backend.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { embeddingRoutes } from "./embedding-routes.ts";
import { shortenVector, vectorToBase64 } from "./shape-vector.ts";

let models: FakeProvider;
let server: RouteServer;
let openai: OpenAI;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(embeddingRoutes(models));
	openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => server.close());

async function vectors(input: OpenAI.EmbeddingCreateParams["input"], dimensions?: number): Promise<number[][]> {
	const answer = await openai.embeddings.create({ model: "fake", input, ...(dimensions === undefined ? {} : { dimensions }) });
	return answer.data.map(({ embedding }) => embedding);
}

describe("POST /v1/embeddings", () => {
	it("takes a text, texts, token ids and lists of them", async () => {
		expect(await vectors("abc")).toEqual([[3, 4, 3, 0]]);
		expect(await vectors(["a", "bcde"])).toEqual([
			[3, 4, 1, 0],
			[3, 4, 4, 0],
		]);
		expect(await vectors([7, 8])).toEqual([[3, 4, 2, 0]]);
		expect(await vectors([[7], [8, 9, 9]])).toEqual([
			[3, 4, 1, 0],
			[3, 4, 3, 0],
		]);
		expect(models.held).toBe(0);
	});

	it("gives the work up when the client leaves, and lets the model go", async () => {
		const begun = Promise.withResolvers<AbortSignal>();
		const { embed } = models.backend;
		models.backend.embed = (_inputs, signal) => {
			begun.resolve(signal);
			return new Promise((resolve) => {
				signal.addEventListener("abort", () => resolve({ ok: false, error: clientLeft }), { once: true });
			});
		};
		const leaving = new AbortController();
		const asked = server.ask("/v1/embeddings", { model: "fake", input: "abc" }, { signal: leaving.signal }).catch(() => "left");
		const signal = await begun.promise;
		expect([signal.aborted, models.held]).toEqual([false, 1]);
		leaving.abort();
		expect(await asked).toBe("left");
		await expect.poll(() => [signal.aborted, models.held]).toEqual([true, 0]);
		models.backend.embed = embed;
	});

	it("gives plain numbers or base64, and the client library reads both the same", async () => {
		const plain = await openai.embeddings.create({ model: "fake", input: "abc", encoding_format: "float" });
		expect(plain.data[0]?.embedding).toEqual((await vectors("abc"))[0]);
		const raw = await (await server.ask("/embeddings", { input: "abc", encoding_format: "base64" })).json();
		expect(raw).toMatchObject({ data: [{ embedding: "AABAQAAAgEAAAEBAAAAAAA==" }], usage: { prompt_tokens: 1, total_tokens: 1 } });
	});

	it("keeps the first dimensions and the length 1", async () => {
		expect((await vectors("abc", 2))[0]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
	});

	it("refuses more dimensions than there are, and models that make no vectors", async () => {
		const tooMany = await server.ask("/v1/embeddings", { input: "a", dimensions: 9 });
		expect(await tooMany.json()).toMatchObject({ error: { param: "dimensions", details: { dimensions: 4 } } });
		models.backend.facts = { ...models.backend.facts, embeds: false };
		const none = await server.ask("/v1/embeddings", { input: "a" });
		models.backend.facts = { ...models.backend.facts, embeds: true };
		expect([tooMany.status, none.status, models.held]).toEqual([400, 400, 0]);
		expect(await none.json()).toMatchObject({ error: { param: "model" } });
	});

	it.each([[""], [[]], [["a", ""]], [[[]]], [[1.5]]])("refuses the input %j", async (input) => {
		const response = await server.ask("/v1/embeddings", { input });
		expect(await response.json()).toMatchObject({ error: { param: expect.stringMatching(/^input(\.\d)?$/) } });
	});
});

describe("a vector", () => {
	it("has length 1 after it was shortened, and survives base64", () => {
		const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 }), { minLength: 2, maxLength: 64 });
		fc.assert(
			fc.property(numbers, fc.nat(), (vector, cut) => {
				const dimensions = 1 + (cut % (vector.length - 1));
				const short = shortenVector(vector, dimensions);
				const length = Math.hypot(...short);
				expect(short).toHaveLength(dimensions);
				expect(length === 0 || Math.abs(length - 1) < 1e-6).toBe(true);
				const bytes = Uint8Array.from(Buffer.from(vectorToBase64(vector), "base64"));
				expect([...new Float32Array(bytes.buffer)]).toEqual(vector.map(Math.fround));
			}),
		);
	});
});
