import type { Topic } from "./topic.ts";

/** What is stored where, and what leaves the machine. */
export const privacy: Topic = {
	slug: "privacy",
	title: "Privacy and security",
	summary: "What is stored, what leaves the machine, who may do what",
	sections: [
		{
			id: "leaves",
			title: "What leaves the machine",
			blocks: [
				{
					kind: "list",
					items: [
						"On a local platform: nothing, apart from the packages that npm fetches at the first start.",
						"On a hosted platform the sites carry your conversation between your browser and your host. They pass it on and keep no copy.",
						"No site loads anything from third parties: no fonts, no scripts, no counting of visitors.",
					],
				},
			],
		},
		{
			id: "stored",
			title: "What is stored",
			blocks: [
				{
					kind: "table",
					caption: "Stored data",
					columns: ["What", "Where", "Who can read it"],
					rows: [
						["Account", "Database: e-mail address, name, password hash", "You; administrators see name and date"],
						["Sessions and devices", "Database: name of the program, network (not the address), times", "You"],
						["Security log", "Database, chained by hashes", "You"],
						["Vault", "Database, encrypted in your browser", "You and the devices that you let in"],
						["Attempts to sign in", "Database for a day, as keyed hashes", "Nobody"],
						["Hosts and roles", "Database", "Members of the host, administrators"],
						["Session", "One cookie, readable by no script", "The sites' servers"],
						["Theme", "Your browser, per site", "Your browser"],
						["Conversations", "Not on the host: LMX keeps none between requests", "Nobody"],
					],
				},
			],
		},
		{
			id: "passes",
			title: "How a site reaches a host",
			blocks: [
				{
					kind: "text",
					text: "Your session never leaves the sites' servers. For every stretch of 60 seconds accounts signs a pass: a token (ES256) for one host and one role. The host verifies it with a public key that was pinned when the host was claimed, so nobody else can make one, and a stolen pass is worthless within a minute.",
				},
				{
					kind: "table",
					caption: "Roles on a host, from least to most",
					columns: ["Role", "May"],
					rows: [
						["viewer", "See models and state"],
						["user", "Also ask models"],
						["operator", "The same as a user until routes for operation exist"],
						["owner", "Everything on the host"],
					],
				},
			],
		},
	],
};
