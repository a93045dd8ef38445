import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import { z } from "zod";
import { writePrivateText } from "../../platform/private-file.ts";

const knownToolSchema = z.object({ name: z.string(), description: z.string(), inputSchema: z.record(z.string(), z.unknown()) });

const fileSchema = z.object({
	format: z.literal(1),
	servers: z.record(z.string(), z.object({ config: z.string(), tools: z.array(knownToolSchema) })),
});

/** A tool as its server described it. */
export type KnownTool = z.infer<typeof knownToolSchema>;

/** Tools by server, kept over restarts, so that they are known before a server was started. */
export interface KnownTools {
	/** Those last seen of a server, by name; null where it was never seen with this configuration. */
	readonly of: (server: string) => readonly KnownTool[] | null;
	readonly set: (server: string, tools: readonly KnownTool[]) => Promise<void>;
}

function fingerprint(config: McpServerConfig | undefined): string {
	return createHash("sha256")
		.update(JSON.stringify(config ?? null))
		.digest("hex");
}

async function readKnown(file: string): Promise<z.infer<typeof fileSchema>["servers"]> {
	try {
		return fileSchema.parse(JSON.parse(await readFile(file, "utf8"))).servers;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError || error instanceof z.ZodError) {
			// A list only saves a start; without one the server is asked again.
			return {};
		}
		throw error;
	}
}

/** Opens the list; servers whose configuration changed are unknown again. */
export async function openKnownTools(file: string, configs: Readonly<Record<string, McpServerConfig>>): Promise<KnownTools> {
	const servers = await readKnown(file);
	let writing: Promise<void> = Promise.resolve();
	return {
		of: (server) => {
			const known = Object.hasOwn(servers, server) ? servers[server] : undefined;
			return known?.config === fingerprint(configs[server]) ? known.tools : null;
		},
		set: (server, tools) => {
			servers[server] = { config: fingerprint(configs[server]), tools: [...tools] };
			writing = writing.catch(() => undefined).then(() => writePrivateText(file, JSON.stringify({ format: 1, servers })));
			return writing;
		},
	};
}
