import type { OwnMeasurement } from "../measurement.ts";
import { streamChat } from "../stream-chat.ts";

const requests = 1000;
const clients = 50;

/** Sends all requests; how many had no answer, and how many a wrong one. */
async function sendAll(url: string, run: string): Promise<{ lost: number; wrong: number }> {
	let next = 0;
	let lost = 0;
	let wrong = 0;
	const client = async (): Promise<void> => {
		for (let index = next++; index < requests; index = next++) {
			const mark = `mark-${run}-${index}`;
			try {
				const messages = [{ role: "user", content: `Client ${index % clients} asks for its mark.` }];
				const { text } = await streamChat(url, { messages, max_tokens: 32, grammar: `root ::= "${mark}"` });
				wrong += text === mark ? 0 : 1;
			} catch (error) {
				lost++;
				process.stderr.write(`lost: ${String(error)}\n`);
			}
		}
	};
	await Promise.all(Array.from({ length: clients }, client));
	return { lost, wrong };
}

/**
 * A thousand requests of fifty clients, each of which may answer with its own mark only. They are sent twice:
 * the first time the processes take the memory that they need for work, the second time they must not take more.
 */
export const manyClients: OwnMeasurement = {
	kind: "own",
	name: "many-clients",
	figures: [
		{ label: "1,000 requests of 50 clients: lost", unit: "", bar: { kind: "atMost", value: 0 } },
		{ label: "answered wrongly", unit: "", bar: { kind: "atMost", value: 0 } },
		{ label: "memory after a second thousand", unit: "× of before", bar: { kind: "atMost", value: 1.05 } },
	],
	async measure(lmx, round) {
		const residentBytes = async (): Promise<number> => lmx.residentBytes() + ((await lmx.model()).ramBytes ?? 0);
		const first = await sendAll(lmx.url, `${round}a`);
		const bytesBefore = await residentBytes();
		const second = await sendAll(lmx.url, `${round}b`);
		return [first.lost + second.lost, first.wrong + second.wrong, (await residentBytes()) / bytesBefore];
	},
};
