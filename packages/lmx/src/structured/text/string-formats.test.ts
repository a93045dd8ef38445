import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { buildAutomaton, type State } from "./automaton.ts";
import { parsePattern } from "./parse-pattern.ts";
import { formatPatterns } from "./string-formats.ts";
import { Terms } from "./terms.ts";

const ajv = new Ajv2020();
addFormats.default(ajv);

function pick<T>(from: readonly T[], random: () => number): T {
	return from[Math.floor(random() * from.length)] as T;
}

/** Walks the automaton at random; ends at the first chance once the text is long. */
function walk(states: readonly State[], random: () => number): string {
	let text = "";
	for (let state = states[0]!; !(state.isEnd && (state.edges.length === 0 || text.length > 30 || random() < 0.1)); ) {
		const { set, to } = pick(state.edges, random);
		const range = Math.floor(random() * (set.length / 2)) * 2;
		const first = set[range]!;
		text += String.fromCodePoint(first + Math.floor(random() * (set[range + 1]! - first + 1)));
		state = states[to]!;
	}
	return text;
}

function seeded(seed: number): () => number {
	let value = seed;
	return () => {
		value = (value * 1664525 + 1013904223) % 2 ** 32;
		return value / 2 ** 32;
	};
}

const examples: Record<string, string[]> = {
	date: ["2024-02-29", "1999-12-31"],
	time: ["23:59:59Z", "08:30:00.125+02:00"],
	"date-time": ["2026-11-23T02:00:00Z"],
	uuid: ["0190f3a4-7c1e-7d2a-9b3c-0123456789ab"],
	email: ["someone.else+tag@mail.example.org"],
	ipv4: ["192.168.1.1", "255.255.255.255"],
	ipv6: ["::1", "fe80::1:2", "2001:db8:0:0:0:0:0:1", "::"],
	hostname: ["localhost", "a-b.example.com"],
	uri: ["https://example.com/a/b?c=d&e#f", "ftp://host:21/"],
};

describe("the enforced formats", () => {
	it.each(Object.entries(formatPatterns))("allow only what a validator accepts as %s", (format, pattern) => {
		const terms = new Terms();
		const language = parsePattern(terms, pattern);
		const states = buildAutomaton(terms, language);
		const validate = ajv.compile({ type: "string", format });
		const random = seeded(7);
		for (let run = 0; run < 500; run++) {
			const text = walk(states, random);
			expect(validate(text), text).toBe(true);
		}
		for (const example of examples[format]!) {
			expect(terms.matches(language, example), example).toBe(true);
		}
	});
});
