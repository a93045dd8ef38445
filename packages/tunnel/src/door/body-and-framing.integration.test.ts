import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

let bench: DoorBench;
let pass: string;
beforeAll(async () => {
	bench = await openDoorBench({ limits: { maxBodyBytes: 1000 } });
});
beforeEach(async () => {
	pass = await bench.passes.make("owner");
	bench.received.length = 0;
});
afterAll(() => bench.close());

function codeOf(body: string): string {
	return JSON.parse(body).error.code;
}

/** Sends bytes as they are and reads until the door closes. */
async function sendRaw(head: string): Promise<string> {
	const socket = connect(bench.doorPort, "127.0.0.1");
	await once(socket, "connect");
	socket.write(head);
	return text(socket);
}

describe("the body", () => {
	const post = { method: "POST", path: "/v1/chat/completions" };

	it("is refused by its stated size", async () => {
		const answer = await bench.send({ ...post, pass, body: "x".repeat(1001), headers: { "content-length": "1001" } });
		expect([answer.status, codeOf(answer.body)]).toEqual([413, "payload_too_large"]);
		expect(bench.received).toEqual([]);
	});

	it("is cut at the limit when it states no size", async () => {
		bench.answerWith((request, response) => request.resume().on("end", () => response.end()));
		const answer = await bench.send({ ...post, pass, body: "x".repeat(1001), headers: { "transfer-encoding": "chunked" } });
		expect([answer.status, codeOf(answer.body)]).toEqual([413, "payload_too_large"]);
	});

	it("is not taken with a GET", async () => {
		const answer = await bench.send({ pass, body: "{}", headers: { "content-length": "2" } });
		expect([answer.status, codeOf(answer.body)]).toEqual([400, "invalid_request"]);
	});

	it("is not asked for before the pass was checked", async () => {
		const outgoing = bench.open({ ...post, headers: { expect: "100-continue", "content-length": "10" } });
		let asked = false;
		outgoing.on("continue", () => {
			asked = true;
		});
		outgoing.flushHeaders();
		const [answer] = await once(outgoing, "response");
		expect([answer.statusCode, asked]).toEqual([401, false]);
		outgoing.destroy();
	});
});

describe("requests that mean two things", () => {
	it.each([
		["two lengths", "content-length: 4\r\ncontent-length: 40"],
		["length and chunks", "content-length: 4\r\ntransfer-encoding: chunked"],
		["hidden chunks", "transfer-encoding : chunked"],
		["a broken line", "x: a\rtransfer-encoding: chunked"],
		["a folded header", "x: a\r\n authorization: Bearer a.b.c"],
	])("are answered with 400 or 401 and reach nobody: %s", async (_name, headers) => {
		const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${_name === "a folded header" ? "x" : pass}\r\n${headers}\r\n\r\n`;
		const answer = await sendRaw(`${head}0\r\n\r\nGET /admin/status HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
		expect(answer).toMatch(/^HTTP\/1\.1 40[01] /);
		expect(bench.received).toEqual([]);
	});

	it("two host names are refused", async () => {
		const answer = await sendRaw(
			`GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nhost: evil.com\r\nauthorization: Bearer ${pass}\r\nconnection: close\r\n\r\n`,
		);
		expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
		expect(bench.received).toEqual([]);
	});

	it("no tunnel through the door", async () => {
		expect(await sendRaw(`CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\nauthorization: Bearer ${pass}\r\n\r\n`)).toBe("");
	});
});
