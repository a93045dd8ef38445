import { expect, it } from "vitest";
import { onwardPage } from "./onward-page.ts";

it("moves on by itself, offers a link, is kept by nobody, and cannot be broken out of", async () => {
	const response = onwardPage(`https://ref.supabase.co/auth/v1/authorize?a=1&b="><script>`, "GitHub", ["a=1", "b=2"]);
	expect([response.status, response.headers.get("cache-control"), response.headers.getSetCookie()]).toEqual([
		200,
		"private, no-store",
		["a=1", "b=2"],
	]);
	const html = await response.text();
	expect(html).toContain('content="0; url=https://ref.supabase.co/auth/v1/authorize?a=1&amp;b=&quot;&gt;&lt;script&gt;"');
	expect(html).toContain('href="https://ref.supabase.co/auth/v1/authorize?a=1&amp;b=&quot;&gt;&lt;script&gt;"');
	expect(html).not.toContain("<script>");
});
