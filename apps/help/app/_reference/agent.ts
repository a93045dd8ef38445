import { daemonPorts, exitCodes } from "@opta/contracts/daemon-protocol";
import type { Topic } from "./topic.ts";

const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
	ok: "Done",
	failed: "The task or command failed",
	usage: "Wrong flags or arguments",
	configuration: "The configuration has an error; file and line are named",
	unreachable: "Daemon, host or model could not be reached",
	denied: "A permission was needed and nobody could be asked, or it was denied",
	limit: "The limit of steps, of the context or of the time was reached before the end",
	interrupted: "Stopped with Ctrl-C",
};

/** The agent in the terminal: its commands, what it may do, and the daemon that keeps its sessions. */
export const agent: Topic = {
	slug: "agent",
	title: "The agent",
	summary: "opta in the terminal, what it may do, and the daemon behind it",
	sections: [
		{
			id: "first-steps",
			title: "First steps",
			blocks: [
				{
					kind: "steps",
					items: [
						"In the folder of the repository, `npm run opta -- connect` finds a host on this computer or in the local network, says what works there, and with `--save` keeps its address.",
						"`npm run opta -- chat` opens a chat in the current folder; the daemon starts by itself.",
						'`npm run opta -- do "add a test for the parser"` does one task without a screen, for scripts and pipes.',
					],
				},
				{
					kind: "text",
					text: "A session belongs to the daemon, not to the window. Close the terminal and the turn goes on; `opta attach` shows it again, in as many terminals as you like, each with the same events in the same order.",
				},
			],
		},
		{
			id: "commands",
			title: "Commands",
			blocks: [
				{
					kind: "table",
					caption: "Commands of opta",
					columns: ["Command", "Does"],
					rows: [
						["opta chat", "A chat in the terminal; `--tui` opens it over the full screen"],
						["opta tui", "Sessions, models, approvals and settings over the full screen"],
						["opta do", "One task without a screen; `--json` or `--stream-json` for scripts"],
						["opta attach", "Follows a session that runs"],
						["opta sessions", "Lists, searches, renames, forks, exports; what is removed goes to a trash"],
						["opta models", "The host's models: list, download, load, unload, quantise, measure"],
						["opta connect", "Finds a host and says what works"],
						["opta serve", "Starts, stops or asks the inference server, here or over ssh on the host"],
						["opta status", "Daemon, host and account at a glance"],
						["opta doctor", "Looks for what is wrong, layer by layer up to the host's door and models, each with its fix"],
						["opta config", "Reads and changes the configuration"],
						["opta mcp", "Adds and removes MCP servers"],
						["opta account", "Signs this computer in and out"],
						["opta vault", "Brings the vault's keys to this computer's keychain"],
						["opta reach", "Joins a host, so that you follow and steer this computer's sessions from elsewhere"],
						["opta host", "Makes this computer a host of your account: `opta host claim`"],
						["opta bot", "Bots of the gateway"],
						["opta daemon", "Starts, stops, restarts and installs the daemon; pairs other programs with it"],
						["opta acp", "Lets an editor use the agent (Agent Client Protocol)"],
						["opta completion", "Completion for bash, zsh and fish"],
						["opta version", "The versions of the program and of its daemon"],
						["opta update", "Says whether there is a newer version, where that question is switched on"],
					],
				},
				{
					kind: "table",
					caption: "Exit codes of opta",
					columns: ["Code", "Meaning"],
					rows: Object.entries(exitCodes).map(([name, code]) => [`${code}`, exitMeanings[name as keyof typeof exitCodes]]),
				},
				{ kind: "text", text: "In a chat, `/help` lists the keys and the commands that begin with a slash." },
			],
		},
		{
			id: "permissions",
			title: "What it may do",
			blocks: [
				{
					kind: "table",
					caption: "Modes of a session",
					columns: ["Mode", "Without asking"],
					rows: [
						["plan", "Reads. Nothing is changed or run, whatever else is allowed"],
						["ask", "Reads in the workspace. Changes, commands and the network are asked for"],
						["edit", "Reads and changes files in the workspace"],
						["auto", "Everything that no rule denies or asks for"],
					],
				},
				{
					kind: "text",
					text: "An answer holds once, for the session, or for the project; never for somebody else's session. A question waits in every client of the session and survives a restart of the daemon. Whoever answers first decides, and the others are told who did.",
				},
				{
					kind: "text",
					text: "Rules in the configuration allow, ask or deny by tool and pattern; the last that matches wins. Files that look like secrets are asked for in every mode. A project's own rules can only be stricter than yours.",
				},
				{
					kind: "code",
					label: "in config.json: run the tests freely, never push",
					prompt: false,
					code: '{ "permissions": { "rules": [\n  { "tool": "run_command", "pattern": "npm test*", "action": "allow" },\n  { "tool": "run_command", "pattern": "git push*", "action": "deny" }\n] } }',
				},
				{
					kind: "text",
					text: "Commands run in a sandbox (`bubblewrap` on Linux, `sandbox-exec` on macOS) that lets them write to the workspace only and keeps them off the network unless you allow it. Where there is none, `opta doctor` says so.",
				},
			],
		},
		{
			id: "undo",
			title: "Undo",
			blocks: [
				{
					kind: "text",
					text: "Before a tool changes a file, the daemon keeps it as it was. `/rewind` goes back to before a message: the conversation, the files, or both. A file that somebody else changed since is left alone and named. What a shell command changed is not covered.",
				},
			],
		},
		{
			id: "daemon",
			title: "The daemon",
			blocks: [
				{
					kind: "text",
					text: `One per person, on \`127.0.0.1:${daemonPorts.preferred}\`, or on \`${daemonPorts.fallbackFirst}\` to \`${daemonPorts.fallbackLast}\` where that is taken. Nothing outside this computer can connect to it. Its address and a token that changes at every start are in \`daemon/state.json\`, readable by you alone.`,
				},
				{
					kind: "text",
					text: "Everything that it accepted is on the disk before it answers: `kill -9`, a power cut or a full disk lose no turn. A turn that was cut off shows as interrupted, and what waited goes on.",
				},
				{
					kind: "text",
					text: "`localOnly` is on unless you switch it off: no connection leaves this computer but to the configured host, and to accounts and the host that you joined with `opta reach on`. Anthropic's models are asked only where you switched them on, and every turn that used them says so.",
				},
				{
					kind: "text",
					text: "`opta daemon install` starts it at login. A program of another origin, such as the desktop app, pairs once with a code that `opta daemon pair` shows; `opta daemon pair --list` lists them, and each can be revoked.",
				},
			],
		},
		{
			id: "elsewhere",
			title: "From elsewhere",
			blocks: [
				{
					kind: "text",
					text: "After `opta account login` and `opta reach on` the daemon joins your host by a connection of its own, at home directly and elsewhere through the host's tunnel. The dashboard then shows the sessions of this computer, wherever you open it. Nobody but you gets in: not the host, not its other members. Nothing listens on this computer for it.",
				},
				{
					kind: "table",
					caption: "What may be allowed from elsewhere",
					columns: ["Word", "Lets you"],
					rows: [
						["see", "Follow sessions, with everything that they show"],
						["approve", "Answer approvals, once or for a session, and cancel turns"],
						["turns", "Start turns; begin, change, fork and rewind sessions"],
					],
				},
				{
					kind: "text",
					text: "`opta reach allow see,approve` changes that, `opta reach` shows it with what was done from elsewhere last, `opta reach off` ends everything at once. Settings, secrets and pairing stay with this computer. If the host shows another key than before, the daemon refuses it until you join it again.",
				},
				{
					kind: "list",
					items: [
						"[Devices](lmx:/devices) lists your computers: joined since when, or when one was last seen.",
						"[Sessions](lmx:/sessions) follows one as it happens: text, calls with what went in and came out, changes of files, what waits for its turn. Approvals come as cards; whoever answers first, here or in the terminal, has answered.",
						"What a computer does not allow is said there with the command that allows it.",
						"When the connection breaks, the page says so, goes on where it was, and shows nothing twice.",
					],
				},
			],
		},
		{
			id: "configuration",
			title: "Configuration",
			blocks: [
				{
					kind: "text",
					text: "Flags win over environment variables (`OPTA_…`), those over the project's `.opta/config.json`, and that over your own `config.json`. Comments are allowed. An error names its file and line.",
				},
				{
					kind: "table",
					caption: "The most used settings",
					columns: ["Key", "Meaning"],
					rows: [
						[
							"connection.host, connection.port",
							"Where the host is, this computer when missing; `opta connect --save` finds it and keeps it",
						],
						["model", "A model's name, or `auto`"],
						["permissions.mode", "The mode of new sessions"],
						["hostPolicy", "`client`: this computer never serves models"],
						["localOnly", "Reach nothing but this computer and the host"],
						["anthropic.enabled", "Ask Anthropic when the host cannot be reached"],
						["tools.sandbox.network", "Let commands of the agent use the network"],
						["daemon.trashDays", "Empty the trash after that many days; kept for ever when missing"],
					],
				},
			],
		},
	],
};
