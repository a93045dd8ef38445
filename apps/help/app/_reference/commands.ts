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
						[
							"--tunnel",
							"`OPTA_DOOR_TUNNEL`",
							"Opens the host to the internet with cloudflared: `off`, `quick` (a name that changes, no account) or `named`; `off` unless given",
						],
						[
							"--tunnel-url",
							"`OPTA_DOOR_TUNNEL_URL`",
							"Public address of the named tunnel; its token is in `tunnel-token` in the state folder or in `OPTA_TUNNEL_TOKEN`",
						],
						[
							"--access-audience",
							"`OPTA_DOOR_ACCESS_AUDIENCE`",
							"Audience tag of Cloudflare Access before the tunnel; its token is checked besides the pass",
						],
						["--access-team", "`OPTA_DOOR_ACCESS_TEAM`", "Name of the team at Cloudflare Access"],
						["--bind", "`OPTA_BIND`", "`lan` opens LMX and the port where devices join to the own network; `loopback` unless given"],
						["--link-port", "`OPTA_DOOR_LINK_PORT`", `Port where devices of the own network join, \`${defaultPorts.link}\` unless given`],
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
		{
			id: "claim",
			title: "npm run host -- claim",
			blocks: [
				{
					kind: "text",
					text: "Makes this computer a host of yours: shows a code and a fingerprint, waits until you entered the code at accounts and approved, and writes `host.json`. A host that has an owner is not claimed a second time.",
				},
				{
					kind: "table",
					caption: "Flags of npm run host -- claim",
					columns: ["Flag", "Variable", "Meaning"],
					rows: [
						["--name", "none", "Name of the host; this computer's name unless given"],
						["--state-dir", "`OPTA_HOME`", "Folder that gets `host.json`, `~/.config/opta` unless given"],
						["--accounts-origin", "`OPTA_ACCOUNTS_ORIGIN`", "Public address of accounts; the one on this computer unless given"],
						["--again", "none", "Claims a host anew that its owner revoked"],
					],
				},
				{
					kind: "code",
					label: "claim this computer, then open it to the internet",
					prompt: true,
					code: "npm run host -- claim --name Mono512\nnpm run host -- --tunnel quick",
				},
			],
		},
	],
};
