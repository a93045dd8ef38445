import { defaultPorts } from "@opta/contracts/ports";
import { localAddressing, sitePort, siteUrl } from "@opta/contracts/site-url";
import { sites } from "@opta/contracts/sites";

/** A process that `npm start` brings up, with its default port. */
export interface LocalService {
	readonly name: string;
	readonly port: number;
	readonly address: string;
	readonly purpose: string;
}

const localPortBase = localAddressing.portBase ?? defaultPorts.siteBase;

/** Everything that listens after `npm start`, in the order of the ports' meaning: sites, database, host. */
export const localServices: readonly LocalService[] = [
	...sites.map((site) => ({
		name: site.title,
		port: sitePort(localPortBase, site.name),
		address: siteUrl(localAddressing, site.name),
		purpose: site.summary,
	})),
	{
		name: "Supabase",
		port: defaultPorts.supabaseApi,
		address: `http://127.0.0.1:${defaultPorts.supabaseApi}/`,
		purpose: "Accounts and database, embedded; only the sites' servers talk to it",
	},
	{
		name: "Mailbox",
		port: defaultPorts.mailbox,
		address: `http://127.0.0.1:${defaultPorts.mailbox}/`,
		purpose: "Shows the mail that the platform sends on this machine",
	},
	{
		name: "LMX",
		port: defaultPorts.lmx,
		address: `http://127.0.0.1:${defaultPorts.lmx}/`,
		purpose: "Inference server with its own chat and dashboard",
	},
	{
		name: "Tunnel door",
		port: defaultPorts.door,
		address: `http://127.0.0.1:${defaultPorts.door}/`,
		purpose: "The only way from the sites to the host; refuses requests without a pass",
	},
];
