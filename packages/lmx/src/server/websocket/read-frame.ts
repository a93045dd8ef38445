import { type StreamClientFrame, streamCancelSchema, streamCreateSchema, streamPingSchema } from "@opta/contracts/schema/lmx-stream";
import type { Answer, AnswerError } from "../../serving/backend.ts";
import { describeIssue } from "../send-error.ts";

/** A frame that cannot be understood, with the id of its chat where that can be told. */
export interface BadFrame {
	readonly id: string | null;
	readonly error: AnswerError;
}

const schemas = { create: streamCreateSchema, cancel: streamCancelSchema, ping: streamPingSchema };

function parseJson(text: string): Answer<object> {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		const message = `The frame is not valid JSON: ${error instanceof Error ? error.message : String(error)}.`;
		return { ok: false, error: { code: "invalid_request", message } };
	}
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? { ok: true, value }
		: { ok: false, error: { code: "invalid_request", message: "A frame is a JSON object." } };
}

/** Reads one frame of a client. */
export function readFrame(text: string): { readonly ok: true; readonly frame: StreamClientFrame } | ({ readonly ok: false } & BadFrame) {
	const parsed = parseJson(text);
	if (!parsed.ok) {
		return { ok: false, id: null, error: parsed.error };
	}
	const { type = "create", id: namedId } = parsed.value as { readonly type?: unknown; readonly id?: unknown };
	const id = typeof namedId === "string" ? namedId : null;
	if (type !== "create" && type !== "cancel" && type !== "ping") {
		const message = `There is no frame of the type ${JSON.stringify(type)}. A client sends create, cancel and ping.`;
		return { ok: false, id, error: { code: "invalid_request", message, param: "type" } };
	}
	const result = schemas[type].safeParse(parsed.value);
	if (result.success) {
		return { ok: true, frame: result.data };
	}
	const [issue] = result.error.issues;
	const error: AnswerError =
		issue === undefined
			? { code: "invalid_request", message: "The frame is not valid." }
			: describeIssue({ instancePath: issue.path.join("/"), keyword: issue.code, params: { ...issue }, message: issue.message });
	return { ok: false, id, error };
}
