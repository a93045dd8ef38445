import { describe, expect, it } from "vitest";
import { type AutostartWish, autostartFor } from "./autostart.ts";

const wish: AutostartWish = {
	command: ["/opt/node", "/opt/my apps/daemon.js", "--state-dir", '/home/ada/a "b" $HOME 100%'],
	userHome: "/home/ada",
	home: "/home/ada/.config/opta",
	searchPath: "/usr/bin:/bin",
};

describe("autostartFor", () => {
	it("writes a systemd unit of the person, with every word quoted", () => {
		const { kind, file, content, enable } = autostartFor("linux", wish);
		expect({ kind, file }).toEqual({ kind: "systemd", file: "/home/ada/.config/systemd/user/opta-daemon.service" });
		expect(content).toContain('ExecStart="/opt/node" "/opt/my apps/daemon.js" "--state-dir" "/home/ada/a \\"b\\" $$HOME 100%%"\n');
		expect(content).toMatch(/\[Unit\][^[]*\[Service\][^[]*Restart=on-failure[^[]*\[Install\]\nWantedBy=default\.target\n$/);
		expect(enable.at(-1)).toEqual(["systemctl", "--user", "enable", "--now", "opta-daemon.service"]);
	});

	it("writes a launchd agent", () => {
		const { kind, file, content, enable, disable } = autostartFor("darwin", wish);
		expect({ kind, file }).toEqual({ kind: "launchd", file: "/home/ada/Library/LaunchAgents/com.optalocal.daemon.plist" });
		expect(content).toContain("<string>/home/ada/a &quot;b&quot; $HOME 100%</string>");
		expect(content).toContain("<key>RunAtLoad</key>\n\t<true/>");
		expect([enable, disable]).toEqual([[["launchctl", "load", "-w", file]], [["launchctl", "unload", "-w", file]]]);
	});

	it("writes a task for Windows, in the encoding that its scheduler reads", () => {
		const windows = {
			...wish,
			home: "C:\\Users\\ada\\opta",
			command: ["C:\\node.exe", "C:\\my apps\\daemon.js", "--state-dir", "C:\\x & y\\"],
		};
		const { kind, file, content, encoding } = autostartFor("win32", windows);
		expect({ kind, file, encoding }).toEqual({
			kind: "scheduled-task",
			file: "C:\\Users\\ada\\opta\\daemon\\task.xml",
			encoding: "utf16le",
		});
		expect(content).toContain("<Command>C:\\node.exe</Command>");
		expect(content).toContain("<Arguments>&quot;C:\\my apps\\daemon.js&quot; --state-dir &quot;C:\\x &amp; y\\\\&quot;</Arguments>");
		expect(content).toContain("<LogonTrigger>");
	});
});
