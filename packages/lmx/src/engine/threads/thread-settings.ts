import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { z } from "zod";

const settingsSchema = z.object({
	/** For steps of one token. */
	single: z.int().positive(),
	/** For prompts and for several answers at once. */
	batched: z.int().positive(),
	/** Of a single answer, with `single` threads. */
	msPerToken: z.number().positive(),
	/** With `batched` threads. */
	msPerPromptToken: z.number().positive(),
});

const fileSchema = z.record(z.string(), settingsSchema);

/** Measured thread counts of a model on a machine. */
export type ThreadSettings = z.infer<typeof settingsSchema>;

/** Names this machine and what runs on it; another processor or engine is measured anew. */
export function machineKey(modelKey: string, cores: number, engine: string): string {
	return [modelKey, engine, cpus()[0]?.model.trim() ?? "processor", `${cores} cores`].join(" | ");
}

function readAll(file: string): Record<string, ThreadSettings> {
	try {
		return fileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
	} catch {
		return {};
	}
}

/** What was measured before, null when nothing was, or its file is gone or damaged. */
export function readThreadSettings(file: string, key: string): ThreadSettings | null {
	return readAll(file)[key] ?? null;
}

/** Keeps a measurement; the file is replaced in one move. */
export function writeThreadSettings(file: string, key: string, settings: ThreadSettings): void {
	mkdirSync(path.dirname(file), { recursive: true });
	const next = `${file}.${process.pid}`;
	writeFileSync(next, `${JSON.stringify({ ...readAll(file), [key]: settings }, null, "\t")}\n`);
	renameSync(next, file);
}
