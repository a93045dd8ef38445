import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { writePrivateText } from "@opta/daemon/platform/private-file";
import { processStartedAt } from "@opta/daemon/platform/process-started-at";
import { parseJson } from "@opta/host-client/host-error";
import { z } from "zod";

const stateSchema = z.object({ pid: z.int(), processStartedAt: z.string(), port: z.int() });

/** The LMX that this program has started. */
export type ServeState = z.infer<typeof stateSchema>;

const fileOf = (home: string): string => path.join(home, "serve.json");

/** Where its output goes. */
export function serveLog(home: string): string {
	return path.join(home, "logs", "serve.log");
}

/** The LMX that was started here and still lives; null otherwise. A pid that another process has got is recognised. */
export async function readServeState(home: string): Promise<ServeState | null> {
	const text = await readFile(fileOf(home), "utf8").catch((error: unknown) => {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") {
			return "";
		}
		throw error;
	});
	const parsed = stateSchema.safeParse(parseJson(text));
	return parsed.success && (await processStartedAt(parsed.data.pid)) === parsed.data.processStartedAt ? parsed.data : null;
}

/** Remembers a process. */
export async function writeServeState(home: string, pid: number, port: number): Promise<void> {
	const startedAt = await processStartedAt(pid);
	if (startedAt !== null) {
		await writePrivateText(fileOf(home), `${JSON.stringify({ pid, processStartedAt: startedAt, port })}\n`);
	}
}

/** Forgets it. */
export function removeServeState(home: string): Promise<void> {
	return rm(fileOf(home), { force: true });
}
