import fastifyWebsocket from "@fastify/websocket";
import { streamFrameLimitBytes } from "@opta/contracts/schema/lmx-stream";
import type { FastifyInstance } from "fastify";

/**
 * Lets routes be WebSockets. It comes before the hooks that refuse requests, and for all routes: the connection of
 * an upgrade that was refused, or asked of a route that is none, is closed only by the hooks that this adds.
 */
export async function acceptUpgrades(app: FastifyInstance): Promise<void> {
	await app.register(fastifyWebsocket, { options: { maxPayload: streamFrameLimitBytes } });
}
