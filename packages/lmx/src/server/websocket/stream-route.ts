import { streamRequestLimit } from "@opta/contracts/schema/lmx-stream";
import type { FastifyPluginCallbackZod } from "fastify-type-provider-zod";
import type { ModelProvider } from "../../serving/backend.ts";
import { callOf } from "../ask-model.ts";
import { sendError } from "../send-error.ts";
import { type ChatSocketLimits, type RawSocket, serveChatSocket } from "./chat-socket.ts";

/** The bounds of a running server. */
export const defaultChatSocketLimits: ChatSocketLimits = {
	sockets: 256,
	requests: streamRequestLimit,
	bufferedBytes: 4 * 1024 * 1024,
	heartbeatMs: 20_000,
};

/** `WS /v1/chat/stream`: many chats on one socket, as `lmx-stream.ts` of the contracts describes it. Needs `acceptUpgrades`. */
export function streamRoute(models: ModelProvider, limits = defaultChatSocketLimits): FastifyPluginCallbackZod {
	return (app, _options, done) => {
		const open = new Set<RawSocket>();
		app.route({
			method: "GET",
			url: "/v1/chat/stream",
			schema: { tags: ["Chat"], summary: "Many chats on one WebSocket" },
			preHandler: async (request, reply) => {
				const call = callOf(request);
				if (!call.ok) {
					return sendError(reply, call.error);
				}
				if (request.ws && open.size >= limits.sockets) {
					const message = `${open.size} clients already have a socket here, which is as many as it takes. Close one, or try again later.`;
					return sendError(reply, { code: "unavailable", message });
				}
			},
			handler: (_request, reply) =>
				sendError(reply, { code: "invalid_request", message: "This route is a WebSocket. Connect with ws:// instead of http://." }),
			wsHandler: (socket: RawSocket, request) => {
				const call = callOf(request);
				if (call.ok) {
					open.add(socket);
					serveChatSocket(socket, { models, limits, call: call.value, onClose: () => open.delete(socket) });
				}
			},
		});
		done();
	};
}
