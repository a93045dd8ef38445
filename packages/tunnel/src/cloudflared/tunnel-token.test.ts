import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTunnelToken } from "./tunnel-token.ts";

const token = Buffer.from(JSON.stringify({ a: "account", t: "tunnel", s: "a secret of this tunnel" })).toString("base64");
let stateDir: string;
let file: string;
beforeEach(() => {
	stateDir = mkdtempSync(path.join(tmpdir(), "opta-token-"));
	file = path.join(stateDir, "tunnel-token");
});
afterEach(() => rmSync(stateDir, { recursive: true }));

function keep(text: string, mode: number): void {
	writeFileSync(file, text);
	chmodSync(file, mode);
}

describe("the token of a named tunnel", () => {
	it("comes from the environment, else from a file of its user alone", () => {
		keep(`${token}\n`, 0o600);
		expect(readTunnelToken(stateDir, undefined)).toEqual({ ok: true, token });
		expect(readTunnelToken(stateDir, "")).toEqual({ ok: true, token });
		const other = `${token}AAAA`;
		expect(readTunnelToken(stateDir, other)).toEqual({ ok: true, token: other });
	});

	it("is not taken from a file that others may read", () => {
		keep(token, 0o640);
		expect(readTunnelToken(stateDir, undefined)).toEqual({ ok: false, message: expect.stringContaining(`chmod 600 ${file}`) });
	});

	it("is asked for where it is missing, and never repeated where it is wrong", () => {
		expect(readTunnelToken(stateDir, undefined)).toEqual({ ok: false, message: expect.stringContaining(file) });
		const wrong = readTunnelToken(stateDir, `cloudflared tunnel run --token ${token}`);
		expect(wrong).toEqual({ ok: false, message: expect.stringContaining("OPTA_TUNNEL_TOKEN holds no token") });
		expect(JSON.stringify(wrong)).not.toContain(token);
	});
});
