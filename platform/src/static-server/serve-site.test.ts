import { describe, expect, it } from "vitest";
import { candidateFiles } from "./resolve-file.ts";
import { headersForPath } from "./site-headers.ts";

describe("candidateFiles", () => {
	it("tries the file, the page and the folder's index", () => {
		expect(candidateFiles("/")).toEqual(["index.html"]);
		expect(candidateFiles("/ports")).toEqual(["ports", "ports.html", "ports/index.html"]);
		expect(candidateFiles("/ports/")).toEqual(["ports/index.html"]);
	});

	it.each(["/../secret", "/%2e%2e/secret", "/a/%2E%2E/%2E%2E/b", "/a\\..\\b", "/%00", "/%zz", "no-slash"])("refuses %s", (path) => {
		expect(candidateFiles(path)).toBeNull();
	});
});

describe("headersForPath", () => {
	const config = {
		headers: [
			{ source: "/(.*)", headers: [{ key: "X-Frame-Options", value: "DENY" }] },
			{ source: "/ports/:path*", headers: [{ key: "x-frame-options", value: "SAMEORIGIN" }] },
		],
	};

	it("applies every rule that matches the whole path, the later one winning", () => {
		expect(headersForPath(config, "/")).toEqual({ "x-frame-options": "DENY" });
		expect(headersForPath(config, "/ports/a/b")).toEqual({ "x-frame-options": "SAMEORIGIN" });
	});
});
