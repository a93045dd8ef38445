import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import { expect, it, onTestFinished } from "vitest";
import { sendAnswer } from "./send-answer.ts";

/** Answers a question at a daemon that says this to everything. */
async function answerAt(status: number, code: string): Promise<void> {
	const server = createServer((request, response) => {
		request.resume();
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify({ error: { code, message: "Not now.", type: "invalid_request_error" } }));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const client = createDaemonClient({ baseUrl, token: () => "token", clientId: "client", clientName: "terminal" });
	await sendAnswer(client, { permissionId: "019ab3f0-0000-7000-8000-000000000000", decision: "deny" });
}

it.each([
	[409, "conflict"],
	[404, "not_found"],
])("takes %i %s for an answer that came too late", async (status, code) => {
	await expect(answerAt(status, code)).resolves.toBeUndefined();
});

it.each([
	[503, "unavailable"],
	[500, "internal"],
])("says with %i %s that the answer was not taken", async (status, code) => {
	await expect(answerAt(status, code)).rejects.toThrow("Not now.");
});
