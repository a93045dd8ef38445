import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { StartError } from "../start-error.ts";
import { parseSignInProviders, readSignInProviders } from "./sign-in-providers.ts";

it("turns on the providers that the file names", () => {
	const text = '[github]\nclient_id = "id"\nsecret = "hush"\nurl = "http://127.0.0.1:4000"\n';
	expect(parseSignInProviders(text)).toEqual({ github: { enabled: true, client_id: "id", secret: "hush", url: "http://127.0.0.1:4000" } });
});

it("has none without the file", async () => {
	const stateDir = await mkdtemp(path.join(tmpdir(), "opta-providers-"));
	onTestFinished(() => rm(stateDir, { recursive: true }));
	expect(await readSignInProviders(stateDir)).toEqual({});
});

it.each([
	["no TOML", "hush hush"],
	["one that the embedded back end cannot do", '[apple]\nclient_id = "id"\nsecret = "hush"\n'],
	["a missing secret", '[github]\nclient_id = "hush"\n'],
	["a misspelt key", '[github]\nclient_id = "id"\nsecret = "hush"\nsecert = "hush"\n'],
	["an address that is none", '[github]\nclient_id = "id"\nsecret = "s"\nurl = "javascript:hush"\n'],
])("refuses %s in one line without the secret", (_what, text) => {
	const parse = () => parseSignInProviders(text);
	expect(parse).toThrow(StartError);
	expect(parse).not.toThrow(/hush|\n/);
});
