import { permissionResolutionSchema, permissionRuleSchema } from "@opta/contracts/schema/daemon-permission";
import { openTurnSchema, sessionFileSchema } from "@opta/contracts/schema/daemon-session";
import { parseJson } from "@opta/host-client/host-error";
import { z } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import type { SessionState } from "./session-state.ts";

/** What the log would have to be read for, beside what people and other programs read. */
const resumeSchema = z.object({
	/** Where in the log the events after this snapshot begin. */
	logBytes: z.int(),
	turns: z.array(openTurnSchema.omit({ state: true, position: true }).extend({ mode: z.enum(["queue", "steer"]), begun: z.boolean() })),
	startedCalls: z.array(z.string()),
	keys: z.array(z.object({ key: z.string(), turnId: z.string(), seq: z.int(), fingerprint: z.string() })),
	resolved: z.array(permissionResolutionSchema),
	rules: z.array(permissionRuleSchema),
});

const snapshotFileSchema = sessionFileSchema.extend({ resume: resumeSchema });

/** Content of `<id>.json`: `id`, `title`, `messages`, `metadata` and more, with what saves reading the log. */
export function formatSnapshot({ file, ...rest }: SessionState, logBytes: number): string {
	return `${JSON.stringify({ ...file, resume: { logBytes, ...rest } })}\n`;
}

/** Reads a snapshot of the session; undefined when it is none of this daemon's, which is no loss: the log is the truth. */
export function parseSnapshot(text: string, sessionId: string): { state: SessionState; logBytes: number } | undefined {
	const parsed = snapshotFileSchema.safeParse(parseJson(text)).data;
	if (parsed === undefined || parsed.id !== sessionId) {
		return undefined;
	}
	const { resume, ...file } = parsed;
	const { logBytes, ...rest } = resume;
	return { state: { file, ...rest }, logBytes };
}

/** Replaces a snapshot whole, or leaves the old one. */
export async function writeSnapshot(file: string, state: SessionState, logBytes: number): Promise<void> {
	await replaceFile(file, formatSnapshot(state, logBytes));
}
