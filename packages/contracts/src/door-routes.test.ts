import { describe, expect, it } from "vitest";
import { doorRoutes, doorSockets, findDoorRoute, findDoorSocket, rolesOfRoute } from "./door-routes.ts";
import { hostRoles } from "./roles.ts";

describe("the role and route table of the door", () => {
	it("lets a viewer look and a user chat", () => {
		expect(findDoorRoute("GET", "/admin/status")?.minimumRole).toBe("viewer");
		expect(findDoorRoute("POST", "/v1/chat/completions")?.minimumRole).toBe("user");
	});

	it("opens every route to the owner, and never to a lower role than to a higher one", () => {
		for (const route of [...doorRoutes, ...doorSockets]) {
			const allowed = rolesOfRoute(route);
			expect(allowed).toEqual(hostRoles.slice(hostRoles.length - allowed.length));
			expect(allowed).toContain("owner");
		}
	});

	it.each(["/V1/models", "/v1/models/", "//v1/models", "/v1/../v1/models", "/v1%2fmodels", "/metrics", "/admin/models/load"])(
		"knows no %s",
		(path) => {
			expect(findDoorRoute("GET", path)).toBeUndefined();
		},
	);

	it("compares the method too", () => {
		expect(findDoorRoute("DELETE", "/v1/models")).toBeUndefined();
		expect(findDoorRoute("GET", "/v1/chat/completions")).toBeUndefined();
	});

	it("takes plain names for the parts that stand for one, and nothing that could lead elsewhere", () => {
		expect(findDoorRoute("DELETE", "/admin/models/qwen3-8b_q4.k")?.minimumRole).toBe("operator");
		expect(findDoorRoute("POST", "/admin/downloads/0198-ab/cancel")?.path).toBe("/admin/downloads/:id/cancel");
		for (const name of ["", ".", "..", "a%2fb", "a/b", "-a", "a b", "a".repeat(129), "a?b", "a\\b"]) {
			expect(findDoorRoute("DELETE", `/admin/models/${name}`)).toBeUndefined();
		}
	});

	it("knows the daemon of a device below its own path only", () => {
		const at = (path: string) => findDoorRoute("GET", path)?.target;
		expect(at("/peers/0198-ab/v3/sessions")).toBe("peer");
		expect(at("/peers/0198-ab/v3/sessions/0198-cd/stream")).toBe("peer");
		expect(at("/v3/sessions")).toBe("daemon");
		expect(at("/peers")).toBe("door");
		for (const path of [
			"/peers/",
			"/peers/a",
			"/peers/a/v3",
			"/peers/a/v3/",
			"/peers/a/v1/models",
			"/peers/a/v3/../v1",
			"/peers/a/v3//x",
			"/v3/a/b/c/d/e/f/g",
		]) {
			expect(findDoorRoute("GET", path)).toBeUndefined();
		}
		expect(findDoorRoute("PUT", "/v3/sessions")).toBeUndefined();
		expect(findDoorSocket("/peers/0198-ab/v3/ws")?.target).toBe("peer");
		expect(findDoorSocket("/peers/0198-ab/v3/sessions")).toBeUndefined();
	});

	it("lists every route once", () => {
		const names = doorRoutes.map(({ method, path }) => `${method} ${path}`);
		expect(new Set(names).size).toBe(names.length);
	});
});
