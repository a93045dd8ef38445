import { InvalidArgumentError } from "commander";
import type { ValueKind } from "./command-spec.ts";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDurationMs(text: string): number {
	const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
	const durationMs = Number(match?.[1]) * (unitMs[match?.[2] ?? "s"] ?? Number.NaN);
	if (!Number.isFinite(durationMs) || durationMs <= 0) {
		throw new InvalidArgumentError("Write a time such as 90s, 5m or 2h.");
	}
	return durationMs;
}

function parseInteger(text: string, least: number, most: number): number {
	const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= least && value <= most)) {
		throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
	}
	return value;
}

function parseNumber(text: string): number {
	const value = text.trim() === "" ? Number.NaN : Number(text);
	if (!Number.isFinite(value)) {
		throw new InvalidArgumentError("Write a number.");
	}
	return value;
}

/**
 * Parses an option's text.
 * @throws {InvalidArgumentError} when it is not of that kind; commander names the option and ends with the code of wrong usage.
 */
export function parseValue(kind: ValueKind, text: string, previous: unknown): string | number | string[] {
	switch (kind) {
		case "text":
			return text;
		case "integer":
			return parseInteger(text, 0, Number.MAX_SAFE_INTEGER);
		case "port":
			return parseInteger(text, 1, 65_535);
		case "number":
			return parseNumber(text);
		case "duration":
			return parseDurationMs(text);
		case "list":
			return [...(Array.isArray(previous) ? previous : []), text];
	}
}
