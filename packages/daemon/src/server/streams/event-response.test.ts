import fastify from "fastify";
import { expect, it, onTestFinished } from "vitest";
import { openEventResponse } from "./event-response.ts";

it("gives signs of life while nothing happens, which readers of events do not see", async () => {
	const server = fastify();
	onTestFinished(() => server.close());
	server.get("/", (_request, reply) => {
		const stream = openEventResponse(reply, 5);
		stream.begin();
		reply.raw.once("close", stream.end);
	});
	const response = await fetch(await server.listen({ host: "127.0.0.1", port: 0 }));
	expect(response.headers.get("content-type")).toContain("text/event-stream");
	let text = "";
	for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
		text += part;
		if (text.split(": alive\n\n").length > 3) {
			break;
		}
	}
	expect(text.replaceAll(": alive\n\n", "")).toBe("retry: 2000\n\n");
});
