import { expect, it } from "vitest";
import { sshArguments } from "./over-ssh.ts";

it("hands a command to the other side in words that its shell keeps apart", () => {
	expect(sshArguments("admin@mono512.local", ["opta", "serve", "start", "--command", "node main.ts --a 'b'"])).toEqual([
		"-T",
		"admin@mono512.local",
		"--",
		"opta serve start --command 'node main.ts --a '\\''b'\\'''",
	]);
});

it("takes no option of ssh for a host", () => {
	for (const target of ["-oProxyCommand=sh", "host;ls", "a b", ""]) {
		expect(() => sshArguments(target, ["opta"])).toThrow("no host");
	}
});
