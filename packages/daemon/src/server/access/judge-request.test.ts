import { describe, expect, it } from "vitest";
import { digestOf } from "../../pairing/secret-digest.ts";
import { type AccessRequest, judgeRequest } from "./judge-request.ts";
import { tokenOf } from "./request-token.ts";

const desktop = { clientId: "c", name: "Desk", origin: "http://localhost:5173" };
const phone = { clientId: "p", name: "Program", origin: null };
let codeIsShown = false;
const rules = {
	tokenDigest: digestOf("own"),
	clients: {
		find: (token: string) => (token === "desktop" ? desktop : token === "program" ? phone : undefined),
		knowsOrigin: (origin: string) => origin === desktop.origin,
	},
	codes: { isOpen: () => codeIsShown },
};

function judge(request: Partial<AccessRequest>): string {
	const judged = judgeRequest(
		{ host: "127.0.0.1:9999", origin: undefined, token: null, access: "client", isPairing: false, ...request },
		rules,
	);
	return judged.ok ? (typeof judged.holder === "string" ? judged.holder : judged.holder.name) : judged.error.code;
}

describe("judgeRequest", () => {
	it.each(["evil.example", "127.0.0.1.evil.example", "192.168.1.5:9999", "", undefined, "user@127.0.0.1"])(
		"refuses the Host %j, whatever the token",
		(host) => {
			expect(judge({ host, token: "own" })).toBe("foreign_origin");
			expect(judge({ host, access: "open" })).toBe("foreign_origin");
		},
	);

	it.each(["127.0.0.1:9999", "localhost:10001", "LOCALHOST", "[::1]:9999"])("answers to the Host %j", (host) => {
		expect(judge({ host, token: "own" })).toBe("owner");
	});

	it("refuses pages that were not paired, and a page with another's token", () => {
		expect(judge({ origin: "https://evil.example", token: "own" })).toBe("foreign_origin");
		expect(judge({ origin: "https://evil.example", access: "open" })).toBe("foreign_origin");
		expect(judge({ origin: "null", token: "desktop" })).toBe("foreign_origin");
		expect(judge({ origin: desktop.origin, token: "own" })).toBe("foreign_origin");
		expect(judge({ origin: desktop.origin, token: "program" })).toBe("foreign_origin");
		expect(judge({ origin: desktop.origin, token: "desktop" })).toBe("Desk");
	});

	it("asks for a token without saying what is wrong with it", () => {
		expect(judge({})).toBe("unauthenticated");
		expect(judge({ token: "wrong" })).toBe("unauthenticated");
		expect(judge({ token: "program" })).toBe("Program");
		expect(judge({ access: "open" })).toBe("nobody");
	});

	it("keeps what only the user's own programs may do", () => {
		expect(judge({ access: "owner", token: "own" })).toBe("owner");
		expect(judge({ access: "owner", token: "program" })).toBe("forbidden");
	});

	it("lets an unknown page pair while a code is shown, and do nothing else", () => {
		const page = { origin: "tauri://localhost", access: "open", isPairing: true } as const;
		expect(judge(page)).toBe("foreign_origin");
		codeIsShown = true;
		expect(judge(page)).toBe("nobody");
		expect(judge({ ...page, isPairing: false })).toBe("foreign_origin");
		codeIsShown = false;
	});
});

describe("tokenOf", () => {
	it("reads a bearer, and of a WebSocket the sub-protocol", () => {
		expect(tokenOf({ authorization: "Bearer abc" }, false)).toBe("abc");
		expect(tokenOf({ authorization: "Basic abc" }, false)).toBeNull();
		const protocols = { "sec-websocket-protocol": "opta.daemon.v3, opta.token.abc" };
		expect(tokenOf(protocols, true)).toBe("abc");
		expect(tokenOf(protocols, false)).toBeNull();
		expect(tokenOf({}, true)).toBeNull();
	});
});
