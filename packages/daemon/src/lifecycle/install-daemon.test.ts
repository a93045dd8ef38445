import { access, mkdtemp, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { installDaemon, uninstallDaemon } from "./install-daemon.ts";

async function wishIn() {
	const userHome = await mkdtemp(path.join(os.tmpdir(), "opta-install-"));
	return { command: ["/opt/node", "/opt/daemon.js"], userHome, home: path.join(userHome, ".config", "opta"), searchPath: "/bin" };
}

describe("installDaemon", () => {
	it.each(["linux", "darwin"] as const)("writes the file, then makes it known; and takes both back: %s", async (platform) => {
		const wish = await wishIn();
		const asked: string[] = [];
		const run = async (command: readonly string[]): Promise<void> => {
			asked.push(command.join(" "));
		};
		const installed = await installDaemon(platform, wish, run);
		if (!installed.ok) {
			throw new Error(installed.message);
		}
		expect(await readFile(installed.file, "utf8")).toContain("/opt/daemon.js");
		expect(asked.at(-1)).toMatch(platform === "linux" ? /^systemctl --user enable/ : /^launchctl load/);
		expect(await uninstallDaemon(platform, wish, run)).toMatchObject({ ok: true });
		await expect(access(installed.file)).rejects.toThrow();
		expect(await uninstallDaemon(platform, wish, run)).toEqual({ ok: true, kind: null });
	});

	it("says what the system says when it refuses", async () => {
		const refuse = (): Promise<void> => Promise.reject(Object.assign(new Error("exit 1"), { stderr: "Failed to connect to bus\n" }));
		expect(await installDaemon("linux", await wishIn(), refuse)).toEqual({
			ok: false,
			message: "The daemon could not be installed (systemd): Failed to connect to bus",
		});
	});
});
