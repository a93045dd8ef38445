import { describe, expect, it } from "vitest";
import { doorRoutes, findDoorRoute, rolesOfRoute } from "./door-routes.ts";
import { hostRoles } from "./roles.ts";

describe("the role and route table of the door", () => {
	it("lets a viewer look and a user chat", () => {
		expect(findDoorRoute("GET", "/admin/status")?.minimumRole).toBe("viewer");
		expect(findDoorRoute("POST", "/v1/chat/completions")?.minimumRole).toBe("user");
	});

	it("opens every route to the owner, and never to a lower role than to a higher one", () => {
		for (const route of doorRoutes) {
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
});
