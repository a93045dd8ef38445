import { z } from "zod";

/** Answer of `GET lmx/api/found-hosts`: hosts that announce themselves in the network of the site's server. */
export const foundHostsSchema = z.object({
	/** False where the site does not run in a network of the person's: then nothing was looked for. */
	looked: z.boolean(),
	hosts: z
		.array(
			z.object({
				name: z.string(),
				/** Address and port of the host's own dashboard. */
				url: z.url({ protocol: /^http$/ }),
				version: z.string().nullable(),
				/** Its administration, and so its dashboard, asks for the admin key. */
				needsAdminKey: z.boolean(),
			}),
		)
		.max(64),
});

/** Hosts that announce themselves. */
export type FoundHosts = z.infer<typeof foundHostsSchema>;
/** One of them. */
export type FoundHost = FoundHosts["hosts"][number];
