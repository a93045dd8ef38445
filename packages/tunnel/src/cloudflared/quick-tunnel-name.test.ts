import fc from "fast-check";
import { expect, it } from "vitest";
import { isQuickTunnelName, quickTunnelNameIn } from "./quick-tunnel-name.ts";

it("finds the name in the box that cloudflared draws", () => {
	const line = "2026-11-23T08:00:00Z INF |  https://glad-words-make-names.trycloudflare.com                                           |";
	expect(quickTunnelNameIn(line)).toBe("glad-words-make-names.trycloudflare.com");
});

it.each([
	'2026-11-23T08:00:00Z ERR failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: no such host',
	"|  https://api.trycloudflare.com  |",
	"|  http://plain.trycloudflare.com  |",
	"|  https://evil.com/.trycloudflare.com  |",
	"|  https://trycloudflare.com.evil.com  |",
	"|  https://evil.com#x.trycloudflare.com  |",
	"|  https://two.labels.trycloudflare.com  |",
	"|  https://-dash.trycloudflare.com  |",
	"see https://a-name.trycloudflare.com for more",
])("finds none in %s", (line) => expect(quickTunnelNameIn(line)).toBeNull());

it("takes no name that leads anywhere else", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			for (const name of [text, `${text}.trycloudflare.com`, `x${text}.trycloudflare.com`]) {
				const isTaken = isQuickTunnelName(name);
				expect(isTaken && !/^[a-z\d-]+\.trycloudflare\.com$/.test(new URL(`https://${name}`).hostname)).toBe(false);
			}
		}),
	);
});
