import { doorRoutes } from "@opta/contracts/door-routes";
import { hostRoles } from "@opta/contracts/roles";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

const everybody = ["viewer", "user", "operator", "owner"];
const usersUp = ["user", "operator", "owner"];
const operatorsUp = ["operator", "owner"];

/** Written out by hand, so that a change of the table in contracts is noticed here. */
const opens: Readonly<Record<string, readonly string[]>> = {
	"GET /healthz": everybody,
	"GET /readyz": everybody,
	"GET /v1/models": everybody,
	"GET /v1/models/:id": everybody,
	"GET /admin/status": everybody,
	"GET /admin/health": everybody,
	"GET /admin/models": everybody,
	"GET /admin/events": everybody,
	"GET /admin/presets": everybody,
	"GET /admin/presets/:name": everybody,
	"GET /admin/skills": everybody,
	"GET /admin/downloads": everybody,
	"GET /admin/downloads/:id": everybody,
	"GET /admin/quantize": everybody,
	"GET /admin/quantize/:id": everybody,
	"GET /admin/bench": everybody,
	"GET /admin/bench/:id": everybody,
	"POST /v1/chat/completions": usersUp,
	"POST /v1/completions": usersUp,
	"POST /v1/embeddings": usersUp,
	"POST /v1/rerank": usersUp,
	"POST /v1/responses": usersUp,
	"POST /v1/responses/input_tokens": usersUp,
	"GET /v1/responses/:id": usersUp,
	"DELETE /v1/responses/:id": usersUp,
	"POST /v1/messages": usersUp,
	"POST /v1/messages/count_tokens": usersUp,
	"POST /tokenize": usersUp,
	"POST /detokenize": usersUp,
	"POST /apply-template": usersUp,
	"POST /admin/models/load": operatorsUp,
	"POST /admin/models/unload": operatorsUp,
	"POST /admin/models/estimate": operatorsUp,
	"POST /admin/models/download": operatorsUp,
	"POST /admin/model/download": operatorsUp,
	"DELETE /admin/models/:id": operatorsUp,
	"POST /admin/downloads": operatorsUp,
	"POST /admin/downloads/:id/pause": operatorsUp,
	"POST /admin/downloads/:id/resume": operatorsUp,
	"POST /admin/downloads/:id/cancel": operatorsUp,
	"POST /admin/quantize": operatorsUp,
	"POST /admin/quantize/:id/pause": operatorsUp,
	"POST /admin/quantize/:id/resume": operatorsUp,
	"POST /admin/quantize/:id/cancel": operatorsUp,
	"POST /admin/bench": operatorsUp,
	"POST /admin/bench/:id/pause": operatorsUp,
	"POST /admin/bench/:id/resume": operatorsUp,
	"POST /admin/bench/:id/cancel": operatorsUp,
	"PUT /admin/presets/:name": operatorsUp,
	"DELETE /admin/presets/:name": operatorsUp,
	"GET /admin/logs": operatorsUp,
	"POST /admin/config/reload": operatorsUp,
};

/** A path of the route, with a name where one belongs. */
function sampleOf(path: string): string {
	return path.replaceAll(/:\w+/g, "some.Name-1");
}

let bench: DoorBench;
beforeAll(async () => {
	bench = await openDoorBench();
});
afterAll(() => bench.close());

describe("every route of the door", () => {
	it("is in the table of this test", () => {
		expect(doorRoutes.map((route) => `${route.method} ${route.path}`).sort()).toEqual(Object.keys(opens).sort());
	});

	const cases = doorRoutes.flatMap((route) => hostRoles.map((role) => [role, route.method, route.path] as const));
	it.each(cases)("%s: %s %s", async (role, method, pattern) => {
		const before = bench.received.length;
		const path = sampleOf(pattern);
		const body = method === "POST" || method === "PUT" ? { headers: { "content-type": "application/json" }, body: "{}" } : {};
		const answer = await bench.send({ method, path, pass: await bench.passes.make(role), ...body });
		if (opens[`${method} ${pattern}`]?.includes(role)) {
			expect(answer).toMatchObject({ status: 200, body: '{"ok":true}' });
			expect(bench.received.slice(before)).toMatchObject([{ method, target: path, headers: { "x-opta-role": role } }]);
		} else {
			expect(answer.status).toBe(403);
			expect(JSON.parse(answer.body).error).toMatchObject({ code: "forbidden", type: "permission_error" });
			expect(bench.received.slice(before)).toEqual([]);
		}
	});

	it.each(doorRoutes.map((route) => [route.method, route.path] as const))("refuses %s %s without a pass", async (method, path) => {
		const before = bench.received.length;
		const answer = await bench.send({ method, path: sampleOf(path) });
		expect(answer.status).toBe(401);
		expect(answer.headers["www-authenticate"]).toBe("Bearer");
		expect(JSON.parse(answer.body).error.code).toBe("invalid_pass");
		expect(bench.received.slice(before)).toEqual([]);
	});
});
