import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LmxProcess, startLmxProcess } from "../../testing/lmx-process.ts";
import type { OpenapiDocument } from "./openapi-document.ts";

let lmx: LmxProcess;
let document: OpenapiDocument;
let page: Response;
let html: string;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	document = (await (await fetch(`${lmx.url}/openapi.json`)).json()) as OpenapiDocument;
	page = await fetch(`${lmx.url}/docs`);
	html = await page.text();
});
afterAll(() => lmx.stop());

function operations(): { path: string; method: string; summary: string | undefined; tags: readonly string[] | undefined }[] {
	return Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, { summary, tags }]) => ({ path, method, summary, tags })),
	);
}

describe("/openapi.json", () => {
	it("has every route of the contract", () => {
		expect(Object.keys(document.paths)).toEqual(
			expect.arrayContaining([
				"/v1/chat/completions",
				"/v1/chat/stream",
				"/v1/completions",
				"/v1/embeddings",
				"/v1/rerank",
				"/v1/responses",
				"/v1/responses/{id}",
				"/v1/responses/input_tokens",
				"/v1/messages",
				"/v1/messages/count_tokens",
				"/v1/models",
				"/v1/models/{id}",
				"/tokenize",
				"/detokenize",
				"/apply-template",
				"/healthz",
				"/admin/status",
			]),
		);
		expect(Object.keys(document.paths)).not.toContain("/docs");
	});

	it("says of every route what it is for, and where it belongs", () => {
		const tags = document.tags?.map(({ name }) => name);
		const strays = operations().filter((each) => each.summary === undefined || !tags?.includes(each.tags?.[0] ?? ""));
		expect(strays).toEqual([]);
	});

	it("names the parameters that requests are checked by, and the events of streams", () => {
		const messages = document.paths["/v1/messages"]?.post;
		expect(messages?.requestBody?.content?.["application/json"]?.schema?.required).toEqual(["messages", "max_tokens"]);
		expect(Object.keys(messages?.responses?.["200"]?.content ?? {})).toEqual(["application/json", "text/event-stream"]);
		expect(messages?.parameters).toMatchObject([{ in: "header", name: "x-opta-priority" }]);
	});
});

describe("/docs", () => {
	it("shows every route and its parameters in the HTML itself", () => {
		const headings = operations().map(({ path, method }) => `<span class="method">${method.toUpperCase()}</span> <code>${path}</code>`);
		expect(headings.filter((heading) => !html.includes(heading))).toEqual([]);
		expect(html.includes("<code>messages[].content</code>")).toBe(true);
	});

	it("asks no other host for anything, and its policy allows nothing else", () => {
		expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
		expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-\S+; script-src 'sha256-\S+;/);
	});
});
