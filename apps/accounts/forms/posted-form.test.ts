import { localAddressing, siteOrigin } from "@opta/contracts/site-url";
import { describe, expect, it } from "vitest";
import { readPostedForm } from "./posted-form.ts";

const own = siteOrigin(localAddressing, "accounts");

function post(body: string, headers: Record<string, string>): Promise<Awaited<ReturnType<typeof readPostedForm>>> {
	const request = new Request("http://localhost:3003/api/sign-in", {
		method: "POST",
		body,
		headers: { "content-type": "application/x-www-form-urlencoded", "content-length": String(body.length), ...headers },
	});
	return readPostedForm(localAddressing, request);
}

async function statusOf(form: ReturnType<typeof post>): Promise<number> {
	const result = await form;
	return result.ok ? 200 : result.response.status;
}

describe("readPostedForm", () => {
	it("reads the fields that our own page sent", async () => {
		const form = await post("email=ada%40example.org&password=+x+", { origin: own, cookie: "a=1" });
		expect(form).toMatchObject({ ok: true, cookieHeader: "a=1" });
		expect(form.ok && [form.text("email"), form.text("password"), form.text("other")]).toEqual(["ada@example.org", " x ", ""]);
	});

	it("reads a field that comes twice as empty", async () => {
		const form = await post("redirect_to=/&redirect_to=//evil.com", { origin: own });
		expect(form.ok && form.text("redirect_to")).toBe("");
	});

	it.each<[string, Record<string, string>]>([
		["another site", { origin: "https://evil.com" }],
		["another site of ours", { origin: siteOrigin(localAddressing, "lmx") }],
		["an opaque origin", { origin: "null" }],
		["an unnamed sender", {}],
		["another scheme", { origin: own.replace("http:", "https:") }],
		["a forged forwarded host", { origin: "https://evil.com", "x-forwarded-host": "evil.com", host: "evil.com" }],
	])("refuses a form from %s", async (_who, headers) => {
		expect(await statusOf(post("email=a", headers))).toBe(403);
	});

	it("refuses what is too large, of unknown size, or no form", async () => {
		expect(await statusOf(post(`a=${"x".repeat(20_000)}`, { origin: own }))).toBe(413);
		expect(await statusOf(post("a=1", { origin: own, "content-length": "unknown" }))).toBe(413);
		expect(await statusOf(post("{}", { origin: own, "content-type": "application/json" }))).toBe(400);
	});
});
