import type { FastifyInstance } from "fastify";

/** Lets a DELETE name JSON as its type and bring no body, as the OpenAI client for Python does. */
export function acceptEmptyDelete(app: FastifyInstance): void {
	const parse = app.getDefaultJsonParser("error", "error");
	app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
		if (request.method === "DELETE" && body === "") {
			done(null, undefined);
		} else {
			parse(request, body.toString(), done);
		}
	});
}
