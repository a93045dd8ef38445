/** Ports of one machine's platform when nothing else is configured. */
export const defaultPorts = {
	/** The sites follow it: 3001 … 3008. */
	siteBase: 3000,
	supabaseApi: 54_321,
	mailbox: 54_324,
	lmx: 1234,
	daemon: 9999,
	door: 8788,
	/** Where devices of the host's own network join it; only where the host is bound to the LAN. */
	link: 8789,
} as const;
