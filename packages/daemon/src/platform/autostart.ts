import path from "node:path";
import type { OptaPlatform } from "./opta-home.ts";

/** What is started at login. */
export interface AutostartWish {
	/** Program and arguments, absolute: Node, the daemon's script, its flags. */
	readonly command: readonly string[];
	/** The person's own folder. */
	readonly userHome: string;
	/** From `optaHome`. */
	readonly home: string;
	/** `PATH` for the daemon, since services get a short one. */
	readonly searchPath: string;
}

/** How a system starts something at login: a file, and the programs that make it known and forgotten. */
export interface Autostart {
	readonly kind: "launchd" | "systemd" | "scheduled-task";
	readonly file: string;
	readonly content: string;
	/** Windows' task scheduler reads UTF-16. */
	readonly encoding: "utf8" | "utf16le";
	/** In order; each is a program and its arguments. */
	readonly enable: readonly (readonly string[])[];
	/** In order, before the file is removed. What is not there any more may fail. */
	readonly disable: readonly (readonly string[])[];
}

/** The name under which systems know the daemon. */
const label = "com.optalocal.daemon";
const unit = "opta-daemon.service";
const task = "Opta Daemon";

function escapeXml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** launchd.plist(5): started at login, again after a crash, not after an orderly end. */
function launchdPlist({ command, home, searchPath }: AutostartWish): string {
	const strings = command.map((part) => `\t\t<string>${escapeXml(part)}</string>`).join("\n");
	return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>${label}</string>
	<key>ProgramArguments</key>
	<array>
${strings}
	</array>
	<key>EnvironmentVariables</key>
	<dict>
		<key>PATH</key>
		<string>${escapeXml(searchPath)}</string>
	</dict>
	<key>WorkingDirectory</key>
	<string>${escapeXml(home)}</string>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<dict>
		<key>SuccessfulExit</key>
		<false/>
	</dict>
	<key>ProcessType</key>
	<string>Interactive</string>
</dict>
</plist>
`;
}

/** A word of `ExecStart=` or a value: quoted, `%` and `$` doubled (systemd.service(5), systemd.syntax(7)). */
function quoteUnit(text: string): string {
	return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

/** systemd.service(5), for the person's own manager. `KillMode=mixed`: the daemon ends its children itself, what is left is killed. */
function systemdUnit({ command, home, searchPath }: AutostartWish): string {
	return `[Unit]
Description=Opta daemon
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
ExecStart=${command.map(quoteUnit).join(" ")}
WorkingDirectory=${home.replaceAll("%", "%%")}
Environment=${quoteUnit(`PATH=${searchPath}`)}
Restart=on-failure
RestartSec=2
SuccessExitStatus=3
KillMode=mixed
TimeoutStopSec=20

[Install]
WantedBy=default.target
`;
}

/** An argument of a Windows command line, as programs take it apart again (CommandLineToArgvW). */
function quoteWindows(text: string): string {
	return /^[^\s"]+$/.test(text) ? text : `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** Task Scheduler schema 1.2: at the person's logon, with their own rights, without a time limit. */
function scheduledTask({ command, home }: AutostartWish): string {
	const [program = "", ...args] = command;
	return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>5</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${escapeXml(program)}</Command>
      <Arguments>${escapeXml(args.map(quoteWindows).join(" "))}</Arguments>
      <WorkingDirectory>${escapeXml(home)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`;
}

/** How this system starts the daemon at login. */
export function autostartFor(platform: OptaPlatform, wish: AutostartWish): Autostart {
	switch (platform) {
		case "darwin": {
			const file = path.posix.join(wish.userHome, "Library", "LaunchAgents", `${label}.plist`);
			return {
				kind: "launchd",
				file,
				content: launchdPlist(wish),
				encoding: "utf8",
				enable: [["launchctl", "load", "-w", file]],
				disable: [["launchctl", "unload", "-w", file]],
			};
		}
		case "linux":
			return {
				kind: "systemd",
				file: path.posix.join(wish.userHome, ".config", "systemd", "user", unit),
				content: systemdUnit(wish),
				encoding: "utf8",
				enable: [
					["systemctl", "--user", "daemon-reload"],
					["systemctl", "--user", "enable", "--now", unit],
				],
				disable: [["systemctl", "--user", "disable", "--now", unit]],
			};
		case "win32": {
			const file = path.win32.join(wish.home, "daemon", "task.xml");
			return {
				kind: "scheduled-task",
				file,
				content: scheduledTask(wish),
				encoding: "utf16le",
				enable: [
					["schtasks.exe", "/Create", "/F", "/TN", task, "/XML", file],
					["schtasks.exe", "/Run", "/TN", task],
				],
				disable: [["schtasks.exe", "/Delete", "/F", "/TN", task]],
			};
		}
	}
}
