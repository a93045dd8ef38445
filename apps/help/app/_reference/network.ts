import { defaultPorts } from "@opta/contracts/ports";
import { localAddressing, sitePort, siteUrl } from "@opta/contracts/site-url";
import { sites } from "@opta/contracts/sites";
import type { Topic } from "./topic.ts";

const localPortBase = localAddressing.portBase ?? defaultPorts.siteBase;

/** Ports, names and who may connect. */
export const network: Topic = {
	slug: "network",
	title: "Ports and addresses",
	summary: "What listens where, and who may connect",
	sections: [
		{
			id: "sites",
			title: "The eight sites",
			blocks: [
				{
					kind: "text",
					text: "Locally every site has a name under `optalocal.localhost` and a port of its own. Browsers resolve such names to this machine without any set-up, so the cookies work as they do on real domains.",
				},
				{
					kind: "table",
					caption: "Sites on one machine",
					columns: ["Site", "Port", "Address"],
					rows: sites.map((site) => [
						site.title,
						`\`${sitePort(localPortBase, site.name)}\``,
						`\`${siteUrl(localAddressing, site.name)}\``,
					]),
				},
				{
					kind: "text",
					text: "`http://localhost:3001` and `http://127.0.0.1:3001` lead to the same site: they redirect to its name.",
				},
			],
		},
		{
			id: "services",
			title: "Everything else",
			blocks: [
				{
					kind: "table",
					caption: "Other listeners",
					columns: ["Part", "Port", "Who connects"],
					rows: [
						["Supabase", `\`${defaultPorts.supabaseApi}\``, "The servers of the sites. Browsers never do."],
						["Mailbox", `\`${defaultPorts.mailbox}\``, "You, to read the mail of a local platform."],
						["LMX", `\`${defaultPorts.lmx}\``, "Programs on this machine, and the chat that LMX itself serves at `/`."],
						[
							"Tunnel door",
							`\`${defaultPorts.door}\``,
							"The sites and cloudflared, with a pass on every request and a ticket for every WebSocket.",
						],
						[
							"Links of devices",
							`\`${defaultPorts.link}\``,
							"Computers of the own network that join the host; only with `npm run host -- --bind lan`.",
						],
					],
				},
				{
					kind: "notice",
					tone: "info",
					title: "Nothing listens on the network by default",
					text: "Every part binds 127.0.0.1. Other computers reach a host through the tunnel door only, and the door refuses what carries no valid pass. `--tunnel` opens the door to the internet, `--bind lan` opens LMX to the own network.",
				},
			],
		},
		{
			id: "production",
			title: "On a domain",
			blocks: [
				{
					kind: "text",
					text: "With `OPTA_BASE_DOMAIN=optalocal.com` at build time the same sites answer as `optalocal.com`, `accounts.optalocal.com` and so on, over https and without port numbers.",
				},
			],
		},
	],
};
