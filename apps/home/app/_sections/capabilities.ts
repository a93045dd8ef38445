/** A thing that the platform does, or is going to do. */
export interface Capability {
	readonly title: string;
	readonly text: string;
}

/** What runs from this repository. */
export const worksToday: readonly Capability[] = [
	{
		title: "Models behind an OpenAI-compatible API",
		text: "LMX loads GGUF models through llama.cpp, batches several conversations at once, streams answers and stops when the reader leaves.",
	},
	{
		title: "Chat and dashboard in the browser",
		text: "Models, memory and tokens per second, and a chat that streams from your own host.",
	},
	{ title: "One sign-on for eight sites", text: "E-mail and password. The first account on a machine becomes its owner." },
	{
		title: "A door that refuses",
		text: "Every request from a site to a host carries a signed pass with a role. What the route table does not name is closed.",
	},
	{ title: "opta in the terminal, and its daemon", text: "An agent with tools and permissions whose sessions live on your computer." },
	{
		title: "Your sessions, from elsewhere",
		text: "Claim a host with a code, open its tunnel, let your laptop join it: its sessions are followed and answered from a phone, by you alone.",
	},
	{
		title: "Honest status",
		text: "Every site, the database and the engine are probed every 30 seconds; what was not asked reads “no data”.",
	},
	{ title: "Encrypted vault", text: "Keys that follow you from device to device, encrypted before they leave the first one." },
	{ title: "A model in the box", text: "A 98 MB model ships with the repository, so a fresh clone answers without a download." },
];

/** What is designed and not there yet. */
export const planned: readonly Capability[] = [
	{ title: "Opta Code", text: "The same sessions in a desktop window." },
	{ title: "Gateway, bots and OptaPlus", text: "Bots that answer in chat and run scheduled jobs, on the host's models." },
	{ title: "Installers and update channels", text: "Signed downloads for macOS, Windows and Linux." },
	{
		title: "Arena",
		text: "Blind comparisons of your own models.",
	},
];
