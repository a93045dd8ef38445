import { doorRoutes } from "@opta/contracts/door-routes";
import { hostRoles } from "@opta/contracts/roles";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

/** Written out by hand, so that a change of the table in contracts is noticed here. */
const opens: Readonly<Record<string, readonly string[]>> = {
	"GET /healthz": ["viewer", "user", "operator", "owner"],
	"GET /readyz": ["viewer", "user", "operator", "owner"],
	"GET /v1/models": ["viewer", "user", "operator", "owner"],
	"GET /admin/status": ["viewer", "user", "operator", "owner"],
	"POST /v1/chat/completions": ["user", "operator", "owner"],
};

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
	it.each(cases)("%s: %s %s", async (role, method, path) => {
		const before = bench.received.length;
		const body = method === "POST" ? { headers: { "content-type": "application/json" }, body: "{}" } : {};
		const answer = await bench.send({ method, path, pass: await bench.passes.make(role), ...body });
		if (opens[`${method} ${path}`]?.includes(role)) {
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
		const answer = await bench.send({ method, path });
		expect(answer.status).toBe(401);
		expect(answer.headers["www-authenticate"]).toBe("Bearer");
		expect(JSON.parse(answer.body).error.code).toBe("invalid_pass");
		expect(bench.received.slice(before)).toEqual([]);
	});
});
