import { rerankResponseSchema } from "@opta/contracts/schema/lmx-rerank";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeProvider } from "../../testing/fake-backend.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { rerankRoutes } from "./rerank-routes.ts";

let models: FakeProvider;
let server: RouteServer;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(rerankRoutes(models));
});
afterAll(() => server.close());

const documents = ["about dogs", { text: "a cat" }, "a cat on a mat"];

async function ask(body: object) {
	return rerankResponseSchema.parse(await (await server.ask("/rerank", body)).json());
}

describe("POST /v1/rerank", () => {
	it("puts the best document first and says where it stood", async () => {
		const answer = await ask({ query: "cat", documents });
		expect(answer).toMatchObject({ object: "list", model: "fake", usage: { prompt_tokens: 3, total_tokens: 3 } });
		expect(answer.results).toEqual([
			{ index: 2, relevance_score: 2.14 },
			{ index: 1, relevance_score: 2.05 },
			{ index: 0, relevance_score: -0.9 },
		]);
		expect(models.held).toBe(0);
	});

	it("gives only the best ones, with their text, when asked", async () => {
		const answer = await ask({ query: "cat", documents, top_n: 1, return_documents: true });
		expect(answer.results).toEqual([{ index: 2, relevance_score: 2.14, document: { text: "a cat on a mat" } }]);
	});

	it("is refused by a model that is no reranker", async () => {
		models.backend.facts = { ...models.backend.facts, reranks: false };
		const response = await server.ask("/v1/rerank", { query: "cat", documents });
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: { param: "model" } });
		expect(models.held).toBe(0);
	});
});
