import { createServer } from "node:http";
import { parseArgs } from "node:util";

/**
 * Speaks as `mlx_lm.server` does, for machines that are no Mac: takes its flags, answers `/health` and chats with the
 * name of the model that it was asked for. A chat that says "crash" ends it; "wedge" makes it answer nothing more.
 */

const { values } = parseArgs({
	options: {
		model: { type: "string", default: "" },
		host: { type: "string", default: "" },
		port: { type: "string", default: "" },
		"log-level": { type: "string" },
		"decode-concurrency": { type: "string" },
		"prompt-cache-bytes": { type: "string" },
	},
});
if (values.model.includes("broken")) {
	process.stderr.write("ValueError: Model type unheard-of not supported.\n");
	process.exit(1);
}
let isWedged = false;

const server = createServer(async (request, response) => {
	if (isWedged) {
		return;
	}
	if (request.url === "/health") {
		response.end('{"status": "ok"}');
		return;
	}
	let text = "";
	for await (const piece of request) {
		text += piece;
	}
	const { model, messages, max_tokens } = JSON.parse(text);
	const said = messages.at(-1).content;
	if (said === "crash") {
		process.exit(3);
	}
	isWedged = said === "wedge";
	response.writeHead(200, { "content-type": "text/event-stream" });
	const chunk = (delta: object, finish: string | null): string =>
		`data: ${JSON.stringify({ choices: [{ index: 0, finish_reason: finish, delta: { role: "assistant", reasoning: "", tool_calls: [], ...delta } }] })}\n\n`;
	response.write(": keepalive 1/2\n\n");
	response.write(chunk({ content: `${model} ${max_tokens} ` }, null));
	response.write(chunk({ content: values.model }, "stop"));
	response.end(
		`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: { cached_tokens: 1 } } })}\n\ndata: [DONE]\n\n`,
	);
});
server.listen(Number(values.port), values.host);
