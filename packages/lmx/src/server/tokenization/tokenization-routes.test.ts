import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FakeProvider } from "../../testing/fake-backend.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { tokenizationRoutes } from "./tokenization-routes.ts";

let models: FakeProvider;
let server: RouteServer;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(tokenizationRoutes(models));
});
afterAll(() => server.close());

async function ask(path: string, body: object): Promise<unknown> {
	return (await server.ask(path, body)).json();
}

describe("tokens", () => {
	it("are made of a text, with the first token and the pieces when asked", async () => {
		expect(await ask("/tokenize", { content: "Hi" })).toEqual({ tokens: [72, 105] });
		expect(await ask("/tokenize", { content: "H", add_special: true, with_pieces: true })).toEqual({
			tokens: [
				{ id: 1, piece: "<s>" },
				{ id: 72, piece: "H" },
			],
		});
	});

	it("become text again", async () => {
		expect(await ask("/detokenize", { tokens: [72, 105] })).toEqual({ content: "Hi" });
		expect(models.held).toBe(0);
	});
});

describe("POST /apply-template", () => {
	it("shows the prompt of a chat, with the model's default instructions", async () => {
		models.defaults = { systemPrompt: "Be kind.", parameters: {} };
		const answer = await ask("/apply-template", { messages: [{ role: "user", content: "Hi" }] });
		const prompt = JSON.stringify({
			messages: [
				{ role: "system", content: "Be kind." },
				{ role: "user", content: "Hi" },
			],
			tools: null,
			variables: {},
		});
		expect(answer).toEqual({ prompt, prompt_tokens: prompt.length });
	});
});
