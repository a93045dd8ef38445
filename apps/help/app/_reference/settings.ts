import type { Topic } from "./topic.ts";

/** Environment variables and the state folder. */
export const settings: Topic = {
	slug: "settings",
	title: "Settings and files",
	summary: "Environment variables, the .env file, the state folder",
	sections: [
		{
			id: "env-file",
			title: "The .env file",
			blocks: [
				{
					kind: "text",
					text: "`npm start` reads `.env` in the folder of the repository: one `NAME=value` per line, `#` begins a comment. The file is never committed. A line that cannot be read stops the start with its number; real environment variables win over it.",
				},
				{
					kind: "code",
					label: ".env",
					code: "# Sites on 4001 … 4008, state beside the repository\nOPTA_PORT_BASE=4000\nOPTA_HOME=/srv/opta-state",
				},
			],
		},
		{
			id: "build",
			title: "Build inputs",
			blocks: [
				{
					kind: "text",
					text: "These two are put into the sites when they are built. Changing them builds the sites again.",
				},
				{
					kind: "table",
					caption: "Build inputs",
					columns: ["Variable", "Meaning", "Default"],
					rows: [
						["OPTA_BASE_DOMAIN", "Domain of the home page; the other sites are names under it", "`optalocal.localhost`"],
						["OPTA_SCHEME", "`http` or `https`", "`http` under `.localhost`, else `https`"],
					],
				},
			],
		},
		{
			id: "run-time",
			title: "Secrets of a hosted platform",
			blocks: [
				{
					kind: "text",
					text: "On one machine `npm start` makes these and hands them to the processes that need them. A hosted deployment sets them itself. They are read when a server starts, and a broken value stops it with one line that names the variable.",
				},
				{
					kind: "table",
					caption: "Variables of the servers",
					columns: ["Variable", "Read by", "Meaning"],
					rows: [
						["SUPABASE_URL", "accounts, lmx, admin", "Address of the Supabase project"],
						["SUPABASE_PUBLISHABLE_KEY", "accounts, lmx, admin", "The project's publishable key"],
						["SUPABASE_JWT_SECRET", "accounts, lmx, admin", "Embedded database only; refused on a real domain"],
						["OPTA_PASS_SIGNING_KEY", "accounts", "Private P-256 key (JWK with `kid`) that signs passes"],
						["OPTA_PORTAL_KEY", "accounts", "Random text of 32 characters or more; the database knows its SHA-256"],
						["OPTA_CLIENT_ADDRESS_HEADER", "accounts", "Header in which your own proxy states a client's address, such as `x-real-ip`"],
						["OPTA_MAILBOX_URL", "accounts", "Local only: where to read the confirmation mail"],
						["OPTA_STATUS_LMX_URL", "status", "Inference server to watch; unset means “no data”"],
						["OPTA_STATUS_SUPABASE_URL", "status", "Database to watch; unset means “no data”"],
					],
				},
			],
		},
		{
			id: "state",
			title: "The state folder",
			blocks: [
				{
					kind: "text",
					text: "One folder holds everything that a local platform knows: `~/.config/opta`, or what `OPTA_HOME` or `--state-dir` names.",
				},
				{
					kind: "table",
					caption: "Files in the state folder",
					columns: ["Path", "Holds"],
					rows: [
						["secrets.json", "Keys and secrets made at the first start; only you may read it"],
						["host.json", "Who this host is, and the public keys whose passes it trusts"],
						["supabase/", "The database, and the lock that keeps a second process out"],
						["lmx/", "Files of the inference server"],
						["logs/", "What the processes wrote"],
					],
				},
				{
					kind: "notice",
					tone: "warn",
					title: "Back up the whole folder, while the platform is stopped",
					text: "The database and the secrets belong together: an account cannot sign in to a database whose secrets are gone.",
				},
			],
		},
	],
};
