import { describe, expect, it } from "vitest";
import { parseLocalOptions } from "./local-options.ts";

const needed = ["--state-dir", "/srv/opta", "--site-url", "http://accounts.optalocal.localhost:3003/"];

describe("parseLocalOptions", () => {
	it("takes the defaults of one machine's platform", () => {
		expect(parseLocalOptions(needed)).toEqual({
			stateDir: "/srv/opta",
			port: 54_321,
			mailboxPort: 54_324,
			siteUrl: "http://accounts.optalocal.localhost:3003",
			doorUrl: "http://127.0.0.1:8788",
		});
	});

	it("answers null to --help", () => {
		expect(parseLocalOptions(["--help"])).toBeNull();
	});

	it.each([
		[["--site-url", "http://x.localhost"], /^--state-dir is missing/],
		[["--state-dir", "/srv/opta"], /^--site-url is missing/],
		[[...needed, "--port", "65536"], /^--port is a port from 0 to 65535, not "65536"/],
		[[...needed, "--mailbox-port", "1e3"], /^--mailbox-port is a port/],
		[[...needed, "--door-url", "127.0.0.1:8788"], /^--door-url is an http\(s\) address/],
		[[...needed, "--door-url", "http://me:secret@127.0.0.1:8788"], /^--door-url is an http\(s\) address/],
		[[...needed, "--prot", "1"], /--prot/],
	])("refuses %j and names the flag", (args, message) => {
		expect(() => parseLocalOptions(args)).toThrow(message);
	});
});
