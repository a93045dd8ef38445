import { defaultPorts } from "@opta/contracts/ports";
import { localAddressing, siteUrl } from "@opta/contracts/site-url";
import type { ArticleSection } from "@opta/ui/article.ts";
import { localServices } from "./local-services.ts";

const mailbox = `http://127.0.0.1:${defaultPorts.mailbox}`;

/** The way from nothing to an answer, then what to do with the host. */
export const setupSections: readonly ArticleSection[] = [
	{
		id: "requirements",
		title: "What you need",
		blocks: [
			{
				kind: "table",
				caption: "Requirements of a host",
				columns: ["Thing", "At least", "Why"],
				rows: [
					["System", "macOS or Linux", "Models run in native code that is prepared for these two."],
					["Node", "20, with npm", "It only starts the set-up: the platform brings its own Node 24."],
					["Git", "any", "To clone the repository, with the small model in it."],
					["Memory", "4 GB", "For the whole platform with the shipped model. Bigger models need more, see below."],
					["Disk", "4 GB", "Mostly packages: llama.cpp comes prebuilt for several processors and GPUs."],
				],
			},
			{
				kind: "text",
				text: "Nothing else is installed on the machine: no Docker, no Python, no database. The network is needed once, for the npm registry.",
			},
		],
	},
	{
		id: "start",
		title: "1 · Clone and start",
		blocks: [
			{
				kind: "code",
				label: "terminal",
				prompt: true,
				code: "git clone <address of the repository> opta-local\ncd opta-local\nnpm start",
			},
			{
				kind: "text",
				text: "The first start installs packages, makes secrets for this machine, prepares the database and builds the sites; that takes some minutes. Later starts reuse all of it. When everything answers, one table lists every address with its state.",
			},
			{
				kind: "notice",
				tone: "info",
				title: "A port is taken?",
				text: "Then nothing is started, and the message names the port and who holds it. Free it, or move the platform: [commands and flags](help:/commands#start).",
			},
		],
	},
	{
		id: "account",
		title: "2 · Make the first account",
		blocks: [
			{
				kind: "steps",
				items: [
					`Open \`${siteUrl(localAddressing, "accounts", "/sign-up")}\` and sign up with a name, an e-mail address and a password.`,
					`Open the mailbox at \`${mailbox}\`: mail of a local platform never leaves the machine. Follow the link in the message and confirm.`,
					"You are signed in on all eight sites.",
				],
			},
			{
				kind: "text",
				text: "The first confirmed account of a fresh platform becomes owner of this host and administrator of the platform. Everybody who signs up later starts with nothing.",
			},
		],
	},
	{
		id: "chat",
		title: "3 · Ask something",
		blocks: [
			{
				kind: "text",
				text: `Open \`${siteUrl(localAddressing, "lmx", "/chat")}\` and ask. The shipped model has 135 million parameters: it proves that every part works, and knows little more than that Paris is the capital of France.`,
			},
		],
	},
	{
		id: "running",
		title: "What is running now",
		blocks: [
			{
				kind: "table",
				caption: "Listeners of a local platform, all on 127.0.0.1",
				columns: ["Part", "Port", "Address", "Purpose"],
				rows: localServices.map((service) => [service.name, String(service.port), `\`${service.address}\``, service.purpose]),
			},
			{
				kind: "text",
				text: "Browsers resolve names under `localhost` to this machine by themselves. [Opta Status](status:/) shows which parts answer.",
			},
		],
	},
	{
		id: "models",
		title: "Use a bigger model",
		blocks: [
			{
				kind: "text",
				text: "LMX loads any model in GGUF format that llama.cpp knows. Put the file on the host and name it:",
			},
			{ kind: "code", label: "terminal", prompt: true, code: "npm start -- --model /path/to/model.gguf" },
			{
				kind: "table",
				caption: "Size of the weights at about 4.85 bits per parameter (Q4_K_M)",
				columns: ["Parameters", "File", "A machine with"],
				rows: [
					["1 billion", "0.6 GB", "4 GB of memory"],
					["8 billion", "4.9 GB", "8 to 16 GB"],
					["32 billion", "19 GB", "32 GB"],
					["70 billion", "42 GB", "64 GB"],
					["235 billion", "142 GB", "192 GB or more"],
				],
			},
			{
				kind: "text",
				text: "Every conversation needs memory on top of the weights, and more the longer it is. [How a model answers](learn:/guides/how-a-model-answers#memory) shows the arithmetic.",
			},
		],
	},
	{
		id: "host-alone",
		title: "Run the inference host alone",
		blocks: [
			{
				kind: "text",
				text: "No sites, no database, no account: only the inference server, with everything it writes in one folder.",
			},
			{
				kind: "code",
				label: "terminal",
				prompt: true,
				code: "npm run host -- --roles lmx --port 18001 --model /path/to/model.gguf --state-dir /path/to/state",
			},
			{ kind: "text", text: "Any client of the OpenAI API can talk to it:" },
			{
				kind: "code",
				label: "second terminal",
				code: `curl -N http://127.0.0.1:18001/v1/chat/completions \\
  -H 'content-type: application/json' \\
  -d '{"stream": true, "messages": [{"role": "user", "content": "What is the capital of France?"}]}'`,
			},
			{ kind: "text", text: "`npm run host -- --help` lists every flag. The routes are in the [API reference](help:/api)." },
		],
	},
	{
		id: "stop",
		title: "Stop, or start over",
		blocks: [
			{
				kind: "text",
				text: "Ctrl-C in the terminal of `npm start` ends every process. Accounts, secrets and the database live in `~/.config/opta` (or where `OPTA_HOME` points): keep a copy to move house, delete the folder to start over.",
			},
		],
	},
];
