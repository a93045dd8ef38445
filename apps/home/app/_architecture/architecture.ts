import { defaultPorts } from "@opta/contracts/ports";
import { sites } from "@opta/contracts/sites";

/** `today` runs from this repository; `planned` is designed and not there yet. */
export type PartState = "today" | "planned";

/** A part of the platform and its place in the picture, in units of the picture's view box. */
export interface Part {
	readonly id: string;
	readonly title: string;
	readonly detail: string;
	readonly state: PartState;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

/** A way that requests take. `path` is SVG path data, `sentence` says the same in words. */
export interface Connection {
	readonly from: string;
	readonly to: string;
	readonly state: PartState;
	readonly path: string;
	readonly label?: { readonly text: string; readonly x: number; readonly y: number };
	readonly sentence: string;
}

/** Size of the picture. */
export const view = { width: 1120, height: 560 } as const;

/** The frame around everything that runs on the inference host. */
export const hostFrame = { title: "inference host", x: 392, y: 276, width: 712, height: 268 } as const;

/** Parts, from the reader's devices down to the model processes. */
export const parts: readonly Part[] = [
	{ id: "browser", title: "Browser", detail: "any device", state: "today", x: 16, y: 16, width: 248, height: 64 },
	{ id: "terminal", title: "opta", detail: "terminal", state: "today", x: 424, y: 16, width: 192, height: 64 },
	{ id: "desktop", title: "Opta Code", detail: "desktop app", state: "planned", x: 648, y: 16, width: 192, height: 64 },
	{ id: "plus", title: "OptaPlus", detail: "chat with bots", state: "planned", x: 888, y: 16, width: 184, height: 64 },
	{ id: "sites", title: `${sites.length} sites`, detail: "Next.js, one sign-on", state: "today", x: 16, y: 152, width: 248, height: 64 },
	{ id: "daemon", title: "Daemon", detail: "sessions, tools · :9999", state: "today", x: 424, y: 152, width: 416, height: 64 },
	{ id: "supabase", title: "Supabase", detail: "accounts, Postgres with RLS", state: "today", x: 16, y: 320, width: 248, height: 64 },
	{
		id: "door",
		title: "Tunnel door",
		detail: `pass required · :${defaultPorts.door}`,
		state: "today",
		x: 424,
		y: 320,
		width: 192,
		height: 64,
	},
	{ id: "lmx", title: "LMX", detail: `OpenAI API · :${defaultPorts.lmx}`, state: "today", x: 664, y: 320, width: 176, height: 64 },
	{ id: "gateway", title: "Gateway", detail: "relay, cron · :18793", state: "planned", x: 888, y: 320, width: 184, height: 64 },
	{ id: "models", title: "Model processes", detail: "one child per model", state: "today", x: 648, y: 456, width: 208, height: 64 },
	{ id: "bots", title: "Bots", detail: "from :19000", state: "planned", x: 888, y: 456, width: 184, height: 64 },
];

/** Connections, in the order in which they are best explained. */
export const connections: readonly Connection[] = [
	{
		from: "browser",
		to: "sites",
		state: "today",
		path: "M140 80V152",
		label: { text: "https", x: 152, y: 120 },
		sentence: "A browser opens the sites. One session cookie, readable by no script, serves all of them.",
	},
	{
		from: "sites",
		to: "supabase",
		state: "today",
		path: "M140 216V320",
		label: { text: "server side only", x: 152, y: 272 },
		sentence:
			"The sites' servers ask Supabase for accounts and hosts; row-level security decides what each person sees. The browser never talks to it.",
	},
	{
		from: "sites",
		to: "door",
		state: "today",
		path: "M264 184H328V352H424",
		label: { text: "60 s pass", x: 340, y: 240 },
		sentence:
			"To reach a host, a site takes a pass that lives at most 60 seconds and sends it to the tunnel door. Without a valid pass the door refuses.",
	},
	{
		from: "door",
		to: "lmx",
		state: "today",
		path: "M616 352H664",
		sentence:
			"The door checks signature, host and role, then forwards to LMX over loopback. cloudflared opens it to the internet where that is wanted.",
	},
	{
		from: "lmx",
		to: "models",
		state: "today",
		path: "M752 384V456",
		label: { text: "IPC", x: 764, y: 424 },
		sentence: "LMX starts one child process per loaded model, so that a model that fails takes no server down.",
	},
	{
		from: "terminal",
		to: "daemon",
		state: "today",
		path: "M520 80V152",
		sentence: "The command line attaches to a daemon on the same computer, which keeps the sessions.",
	},
	{
		from: "desktop",
		to: "daemon",
		state: "planned",
		path: "M744 80V152",
		sentence: "Planned: the desktop app attaches to the same daemon and the same sessions.",
	},
	{
		from: "daemon",
		to: "lmx",
		state: "today",
		path: "M752 216V320",
		label: { text: "/v1/chat/completions", x: 764, y: 256 },
		sentence: "The daemon runs the agent loop and asks LMX for every step.",
	},
	{
		from: "daemon",
		to: "door",
		state: "today",
		path: "M520 216V320",
		label: { text: "encrypted link", x: 532, y: 256 },
		sentence:
			"From elsewhere a browser follows its person's sessions through the host: the daemon opens the link itself, and checks each pass itself.",
	},
	{
		from: "plus",
		to: "gateway",
		state: "planned",
		path: "M980 80V320",
		label: { text: "WebSocket", x: 992, y: 188 },
		sentence: "Planned: OptaPlus talks to bots through the gateway.",
	},
	{
		from: "gateway",
		to: "lmx",
		state: "planned",
		path: "M888 352H840",
		sentence: "Planned: the gateway's bots answer with the host's models.",
	},
	{
		from: "gateway",
		to: "bots",
		state: "planned",
		path: "M980 384V456",
		sentence: "Planned: the gateway starts bots and their scheduled jobs.",
	},
];

/** A part by its id. */
export function partById(id: string): Part {
	const part = parts.find((candidate) => candidate.id === id);
	if (part === undefined) {
		throw new RangeError(`The picture has no part named ${id}.`);
	}
	return part;
}
