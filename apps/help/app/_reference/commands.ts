import { defaultPorts } from "@opta/contracts/ports";
import type { Topic } from "./topic.ts";

/** Commands of the repository and their flags. */
export const commands: Topic = {
	slug: "commands",
	title: "Commands",
	summary: "Starting, testing and hosting, with every flag",
	sections: [
		{
			id: "overview",
			title: "Overview",
			blocks: [
				{
					kind: "text",
					text: "All commands run in the folder of the repository. Node 20 or newer starts them; they install what is missing and continue on the Node 24 that the lockfile pins.",
				},
				{
					kind: "table",
					caption: "Commands of the repository",
					columns: ["Command", "Does"],
					rows: [
						["npm start", "Installs, builds what changed, and runs the whole platform until Ctrl-C."],
						["npm test", "Runs every check and ends with one line: `N passed, N failed`. Works beside a running platform."],
						["npm run host", "Runs roles of the inference host alone."],
						["npm run verify", "Format, lint, types, dead code and unit tests. Needs no network."],
						["npm run dev", "Runs the platform in watch mode, for work on it."],
						["npm run bench:platform", "Prints start time and memory of the platform, by process."],
						["npm run bench:chat", "Prints tokens per second and the time to the first token while a browser streams a chat."],
					],
				},
			],
		},
		{
			id: "start",
			title: "npm start",
			blocks: [
				{
					kind: "text",
					text: "Flags come after `--`. A flag wins over its environment variable, the environment over the file `.env` in the repository, and that over the default.",
				},
				{
					kind: "table",
					caption: "Flags of npm start",
					columns: ["Flag", "Variable", "Meaning", "Default"],
					rows: [
						["--state-dir", "`OPTA_HOME`", "Folder for secrets, database and logs", "`~/.config/opta`"],
						["--port-base", "`OPTA_PORT_BASE`", "The eight sites listen on the eight ports after it", `\`${defaultPorts.siteBase}\``],
						["--supabase-port", "`OPTA_SUPABASE_PORT`", "Embedded Supabase", `\`${defaultPorts.supabaseApi}\``],
						["--mailbox-port", "`OPTA_MAILBOX_PORT`", "The mailbox page", `\`${defaultPorts.mailbox}\``],
						["--lmx-port", "`OPTA_LMX_PORT`", "The inference server", `\`${defaultPorts.lmx}\``],
						["--door-port", "`OPTA_DOOR_PORT`", "The tunnel door", `\`${defaultPorts.door}\``],
						["--model", "`OPTA_MODEL`", "Name from the catalogue, or path of a GGUF file", "the shipped model"],
						["--status-interval-ms", "`OPTA_STATUS_INTERVAL_MS`", "How often Opta Status asks the other parts", "`30000`"],
					],
				},
				{
					kind: "code",
					label: "a second platform beside the first",
					prompt: true,
					code: "npm start -- --state-dir /tmp/second --port-base 4000 --supabase-port 55321 --mailbox-port 55324 --lmx-port 2234 --door-port 9788",
				},
			],
		},
		{
			id: "host",
			title: "npm run host",
			blocks: [
				{
					kind: "text",
					text: "Runs the named roles, each as a process of its own that is started again when it fails. Nothing is written outside the state folder.",
				},
				{
					kind: "table",
					caption: "Flags of npm run host",
					columns: ["Flag", "Variable", "Meaning"],
					rows: [
						[
							"--roles",
							"`OPTA_ROLES`",
							"Which roles to run: `lmx`, `daemon`, `tunnel`, with commas between; `lmx` and `tunnel` unless given",
						],
						["--port", "`OPTA_PORT`", "Port of the one role that runs; with several roles use the next two"],
						["--lmx-port", "`OPTA_LMX_PORT`", `Port of the inference server, \`${defaultPorts.lmx}\` unless given`],
						["--daemon-port", "`OPTA_DAEMON_PORT`", `Port of the daemon, \`${defaultPorts.daemon}\` unless given`],
						["--door-port", "`OPTA_DOOR_PORT`", `Port of the tunnel door, \`${defaultPorts.door}\` unless given`],
						["--model", "`OPTA_MODEL`", "Name from the catalogue, or path of a GGUF file"],
						["--model-dir", "`OPTA_MODEL_DIR`", "Where model files are looked for first; `models` in the state folder unless given"],
						["--web-dir", "`OPTA_WEB_DIR`", "Pages that LMX shows at `/`; the built dashboard unless given"],
						[
							"--allowed-hosts",
							"`OPTA_DOOR_ALLOWED_HOSTS`",
							"Public names of the tunnel that the door answers to; loopback only unless given",
						],
						["--state-dir", "`OPTA_HOME`", "Folder for everything that is written"],
					],
				},
				{
					kind: "code",
					label: "an inference server alone",
					prompt: true,
					code: "npm run host -- --roles lmx --port 18001 --model /path/to/model.gguf --state-dir /path/to/state",
				},
			],
		},
	],
};
