import { type Message, messageSchema } from "@opta/contracts/schema/daemon-message";
import { type SessionFile, sessionFileSchema } from "@opta/contracts/schema/daemon-session";
import { v7 as newId } from "uuid";
import { z } from "zod";
import { emptyState } from "./session-state.ts";

/** Files of before there were logs: messages as chat APIs have them, metadata with workspace, model and times. */
const olderFileSchema = z.object({
	id: z.string().max(128).optional(),
	title: z.string().optional(),
	messages: z.array(
		z.object({
			role: z.enum(["system", "user", "assistant", "tool"]),
			content: z.union([z.string(), z.null(), z.array(z.object({ text: z.string().optional() }))]).optional(),
			tool_calls: z.array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })).optional(),
			tool_call_id: z.string().optional(),
			name: z.string().optional(),
		}),
	),
	metadata: z
		.object({
			workspace: z.string().optional(),
			model: z.string().optional(),
			createdAt: z.string().optional(),
			created_at: z.string().optional(),
			updatedAt: z.string().optional(),
			updated_at: z.string().optional(),
		})
		.optional(),
});

type OlderMessage = z.infer<typeof olderFileSchema>["messages"][number];

/** Reads a session's file of this or an older format; every message of it is there again. Null when it is none. */
export function readSessionFile(json: unknown, at: string): SessionFile | null {
	const present = sessionFileSchema.safeParse(json).data;
	if (present !== undefined) {
		return present;
	}
	const older = olderFileSchema.safeParse(json).data;
	if (
		older === undefined ||
		z.object({ metadata: z.object({ format: z.unknown().refine((value) => value !== undefined) }) }).safeParse(json).success
	) {
		return null;
	}
	const { id = newId(), title = "", metadata = {}, messages } = older;
	const createdAt = time(metadata.createdAt ?? metadata.created_at) ?? at;
	const { file } = emptyState(id, "", createdAt);
	const named = title !== "";
	return {
		...file,
		title: named ? title : "Imported session",
		metadata: {
			...file.metadata,
			workspace: metadata.workspace ?? "",
			model: metadata.model ?? "auto",
			updatedAt: time(metadata.updatedAt ?? metadata.updated_at) ?? createdAt,
			named,
			messageCount: messages.length,
		},
		messages: messages.map((message) => ofOlder(message, createdAt)),
	};
}

function ofOlder(message: OlderMessage, at: string): Message {
	const { role, content, tool_calls: calls, tool_call_id: toolCallId, name } = message;
	return messageSchema.parse({
		id: newId(),
		// Conversations have no system messages of their own here: what one said is kept as said by the person.
		role: role === "system" ? "user" : role,
		at,
		content: typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join(""),
		toolCalls: calls?.map((call) => ({ id: call.id, name: call.function.name, arguments: parseArguments(call.function.arguments) })),
		toolCallId,
		name,
	});
}

function parseArguments(text: string): Record<string, unknown> {
	try {
		return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
	} catch {
		return { raw: text };
	}
}

function time(text: string | undefined): string | null {
	const date = new Date(text ?? Number.NaN);
	return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
