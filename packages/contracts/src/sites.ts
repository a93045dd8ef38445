/** Name of one of the eight sites. */
export type SiteName = "home" | "init" | "accounts" | "lmx" | "status" | "help" | "learn" | "admin";

/** What every process needs to know about a site. */
export interface Site {
	readonly name: SiteName;
	readonly title: string;
	/** Label under the base domain; the home page is the base domain itself. */
	readonly subdomain: string;
	/** Added to the port base when the platform runs on one machine. */
	readonly portOffset: number;
	/** `static` sites are exported files, `server` sites run Next.js. */
	readonly kind: "server" | "static";
	readonly summary: string;
}

/** The eight sites, in the order of their local ports. */
export const sites = [
	{
		name: "home",
		title: "Opta Local",
		subdomain: "",
		portOffset: 1,
		kind: "server",
		summary: "What Opta Local is and how its parts fit together",
	},
	{ name: "init", title: "Opta Init", subdomain: "init", portOffset: 2, kind: "static", summary: "Set up a host or a computer" },
	{ name: "accounts", title: "Opta Accounts", subdomain: "accounts", portOffset: 3, kind: "server", summary: "One sign-on for every site" },
	{ name: "lmx", title: "LMX Dashboard", subdomain: "lmx", portOffset: 4, kind: "server", summary: "Models, memory and chat on your host" },
	{
		name: "status",
		title: "Opta Status",
		subdomain: "status",
		portOffset: 5,
		kind: "server",
		summary: "What is up, what is not, and since when",
	},
	{
		name: "help",
		title: "Opta Help",
		subdomain: "help",
		portOffset: 6,
		kind: "static",
		summary: "Reference for commands, ports and settings",
	},
	{ name: "learn", title: "Opta Learn", subdomain: "learn", portOffset: 7, kind: "server", summary: "Guides to running models at home" },
	{ name: "admin", title: "Opta Admin", subdomain: "admin", portOffset: 8, kind: "server", summary: "The platform's own operations" },
] as const satisfies readonly Site[];

/** Looks a site up by name. */
export function siteByName(name: SiteName): Site {
	const site: Site | undefined = sites.find((candidate) => candidate.name === name);
	if (site === undefined) {
		throw new RangeError(`There is no site named ${name}.`);
	}
	return site;
}
