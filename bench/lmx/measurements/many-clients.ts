import type { OwnMeasurement } from "../measurement.ts";
import { streamChat } from "../stream-chat.ts";

const requests = 1000;
const clients = 50;

/** A thousand requests of fifty clients, each of which may answer with its own mark only. */
export const manyClients: OwnMeasurement = {
	kind: "own",
	name: "many-clients",
	figures: [
		{ label: "1,000 requests of 50 clients: lost", unit: "", bar: { kind: "atMost", value: 0 } },
		{ label: "answered wrongly", unit: "", bar: { kind: "atMost", value: 0 } },
		{ label: "memory after the last 800", unit: "× of before", bar: { kind: "atMost", value: 1.1 } },
	],
	async measure(lmx, round) {
		let next = 0;
		let lost = 0;
		let wrong = 0;
		let bytesBefore = Number.NaN;
		const residentBytes = async (): Promise<number> => lmx.residentBytes() + ((await lmx.model()).ramBytes ?? 0);
		const client = async (): Promise<void> => {
			for (let index = next++; index < requests; index = next++) {
				if (index === requests / 5) {
					bytesBefore = await residentBytes();
				}
				const mark = `mark-${round}-${index}`;
				try {
					const messages = [{ role: "user", content: `Client ${index % clients} asks for its mark.` }];
					const { text } = await streamChat(lmx.url, { messages, max_tokens: 32, grammar: `root ::= "${mark}"` });
					wrong += text === mark ? 0 : 1;
				} catch (error) {
					lost++;
					process.stderr.write(`lost: ${String(error)}\n`);
				}
			}
		};
		await Promise.all(Array.from({ length: clients }, client));
		return [lost, wrong, (await residentBytes()) / bytesBefore];
	},
};
