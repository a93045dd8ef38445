import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LmxProcess, startLmxProcess } from "../../testing/lmx-process.ts";

let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	await lmx.logged(({ msg }) => msg === "model ready");
});
afterAll(() => lmx.stop());

function embed(input: readonly string[], signal: AbortSignal): Promise<Response> {
	return fetch(`${lmx.url}/v1/embeddings`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ input }),
		signal,
	});
}

/** A model that somebody uses has no time at which it would be unloaded. */
async function isInUse(): Promise<boolean> {
	const { models } = lmxStatusSchema.parse(await (await fetch(`${lmx.url}/admin/status`)).json());
	return models[0]?.expiresAt === null;
}

it("ends the vectors of many texts in the model's process when the client leaves", async () => {
	const texts = Array.from({ length: 1000 }, () => "Once upon a time there was a fox in the woods. ".repeat(10));
	const leaving = new AbortController();
	const left = embed(texts, leaving.signal).catch(() => "left");
	await expect.poll(isInUse).toBe(true);
	leaving.abort();
	expect(await left).toBe("left");
	await expect
		.poll(async () => (await fetch(`${lmx.url}/metrics`)).text())
		.toContain('lmx_operations_total{model="stories260k",operation="embed",outcome="cancelled"} 1');
	expect(await isInUse()).toBe(false);
	// A thousand texts would stand before this one.
	expect((await embed(["fox"], AbortSignal.timeout(4000))).status).toBe(200);
});
