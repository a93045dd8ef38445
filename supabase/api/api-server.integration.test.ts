import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listen, stopListening } from "../http/listen.ts";
import { type ApiServer, createApiServer } from "./api-server.ts";

let api: ApiServer;
let url: string;
beforeEach(async () => {
	api = createApiServer();
	url = `http://127.0.0.1:${await listen(api.server, 0, "--port")}`;
});
afterEach(() => stopListening(api.server, 0));

describe("the API's server", () => {
	it("asks to come again while the database opens", async () => {
		for (const address of ["/healthz", "/rest/v1/hosts"]) {
			const response = await fetch(`${url}${address}`);
			expect(response.status).toBe(503);
			expect(response.headers.get("retry-after")).toBe("1");
			expect(await response.json()).toMatchObject({ error: { code: "unavailable" } });
		}
	});

	it("hands over one request at a time, with what it says, and answers each its own", async () => {
		let inside = 0;
		let most = 0;
		api.open({
			async fetch(request) {
				inside += 1;
				most = Math.max(most, inside);
				await new Promise((resolve) => setImmediate(resolve));
				const text = `${request.method} ${new URL(request.url).pathname} ${request.headers.get("x-n")} ${await request.text()}`;
				inside -= 1;
				return new Response(text, {
					status: 201,
					headers: [
						["set-cookie", "a=1"],
						["set-cookie", "b=2"],
					],
				});
			},
			ping: async () => undefined,
		});
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, n) =>
				fetch(`${url}/rest/v1/t?n=${n}`, { method: "POST", headers: { "x-n": `${n}` }, body: `body ${n}` }),
			),
		);
		expect(most).toBe(1);
		expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(
			Array.from({ length: 20 }, (_, n) => `POST /rest/v1/t ${n} body ${n}`),
		);
		expect(answers[0]?.status).toBe(201);
		expect(answers[0]?.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
	});

	it("says that something is wrong, and no more, where lite or the database fails", async () => {
		api.open({ fetch: () => Promise.reject(new Error("secret detail")), ping: () => Promise.reject(new Error("secret detail")) });
		for (const address of ["/healthz", "/auth/v1/user"]) {
			const response = await fetch(`${url}${address}`);
			expect(response.status).toBe(500);
			expect(await response.text()).not.toContain("secret");
		}
	});
});
