import { describe, expect, it } from "vitest";
import { parseTunnelSettings, type TunnelFlag } from "./tunnel-settings.ts";

const tag = "0123456789abcdef".repeat(4);
const parse = (flags: Partial<Record<TunnelFlag, string>>) => parseTunnelSettings((flag) => flags[flag]);

describe("parseTunnelSettings", () => {
	it("opens nothing unless it is said", () => {
		expect(parse({})).toEqual({ tunnel: { mode: "off" }, access: null });
		expect(parse({ tunnel: "quick" })).toEqual({ tunnel: { mode: "quick" }, access: null });
	});

	it.each([
		["https://mono512.example.com", "https://mono512.example.com"],
		["https://Mono512.example.com/", "https://mono512.example.com"],
		["http://127.0.0.2:18443", "http://127.0.0.2:18443"],
	])("takes %s as the address of a named tunnel", (text, publicUrl) => {
		expect(parse({ tunnel: "named", "tunnel-url": text }).tunnel).toEqual({ mode: "named", publicUrl });
	});

	it("takes Cloudflare Access with the team by name or domain", () => {
		for (const team of ["home", "home.cloudflareaccess.com"]) {
			expect(parse({ "access-audience": tag, "access-team": team }).access).toEqual({
				audience: tag,
				teamOrigin: "https://home.cloudflareaccess.com",
			});
		}
	});

	it.each<[Partial<Record<TunnelFlag, string>>, RegExp]>([
		[{ tunnel: "fast" }, /^--tunnel is "fast"; there are: off, quick, named\.$/],
		[{ tunnel: "named" }, /needs --tunnel-url/],
		[{ tunnel: "quick", "tunnel-url": "https://a.example.com" }, /^--tunnel-url belongs to --tunnel named/],
		[{ tunnel: "named", "tunnel-url": "http://mono512.example.com" }, /must be the public address/],
		[{ tunnel: "named", "tunnel-url": "https://mono512.example.com/path" }, /must be the public address/],
		[{ tunnel: "named", "tunnel-url": "https://user:word@mono512.example.com" }, /must be the public address/],
		[{ tunnel: "named", "tunnel-url": "mono512.example.com" }, /must be the public address/],
		[{ "access-audience": tag }, /belong together/],
		[{ "access-team": "home" }, /belong together/],
		[{ "access-audience": "short", "access-team": "home" }, /audience tag/],
		[{ "access-audience": tag, "access-team": "home/evil" }, /name of the team/],
		[{ "access-audience": tag, "access-team": "evil.com#" }, /name of the team/],
	])("says what cannot be meant: %j", (flags, message) => {
		expect(() => parse(flags)).toThrow(message);
	});
});
