import { build } from "@opta/contracts/build";
import { type ErrorCode, isErrorCode } from "@opta/contracts/error-codes";
import { placeOfOrigin } from "@opta/contracts/origin-place";
import { type Dispatcher, request } from "undici";

/** A refusal of accounts: its code, its words for a person, and when it wants to be asked again. */
export interface AccountsRefusal {
	readonly ok: false;
	readonly code: ErrorCode | "unknown";
	readonly message: string;
	readonly retryAfterMs: number | null;
}

/** What accounts answered. */
export type AccountsAnswer<T> = { readonly ok: true; readonly value: T } | AccountsRefusal;

/** One question to accounts. A body is sent as JSON. */
export interface AccountsQuestion<T> {
	readonly method: "GET" | "POST" | "DELETE";
	readonly path: string;
	readonly schema: { safeParse(answer: unknown): { success: true; data: T } | { success: false } };
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
	readonly signal?: AbortSignal;
	/** How connections are made; the usual way when left out. */
	readonly dispatcher?: Dispatcher;
}

const timeoutMs = 15_000;
const mostAnswerChars = 1024 * 1024;

function refusalOf(path: string, status: number, answer: unknown, retryAfter: unknown): AccountsRefusal {
	const error = typeof answer === "object" && answer !== null && "error" in answer ? answer.error : null;
	const { code, message } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; message?: unknown };
	const seconds = typeof retryAfter === "string" ? Number(retryAfter) : Number.NaN;
	return {
		ok: false,
		code: typeof code === "string" && isErrorCode(code) ? code : "unknown",
		message: typeof message === "string" ? message : `Accounts answered ${path} with ${status}. Try again, or update this program.`,
		retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : null,
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		if (error instanceof SyntaxError) {
			return null;
		}
		throw error;
	}
}

/**
 * Asks accounts once.
 * @param origin public origin of accounts
 * @throws when accounts cannot be reached within 15 seconds, answers with more than a MiB, or the signal aborts
 */
export async function askAccounts<T>(origin: string, question: AccountsQuestion<T>): Promise<AccountsAnswer<T>> {
	const { method, path, schema, body, signal, dispatcher } = question;
	const { base, headers } = placeOfOrigin(origin);
	const limit = AbortSignal.timeout(timeoutMs);
	const answer = await request(`${base}${path}`, {
		method,
		headers: {
			...headers,
			"user-agent": `opta/${build} (${process.platform})`,
			...(body === undefined ? {} : { "content-type": "application/json" }),
			...question.headers,
		},
		body: body === undefined ? null : JSON.stringify(body),
		signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
		...(dispatcher === undefined ? {} : { dispatcher }),
	});
	let text = "";
	for await (const chunk of answer.body.setEncoding("utf8")) {
		text += chunk;
		if (text.length > mostAnswerChars) {
			answer.body.destroy();
			throw new Error(`accounts answered ${path} with more than ${mostAnswerChars} characters`);
		}
	}
	const content = parseJson(text);
	if (answer.statusCode !== 200) {
		return refusalOf(path, answer.statusCode, content, answer.headers["retry-after"]);
	}
	const parsed = schema.safeParse(content);
	return parsed.success ? { ok: true, value: parsed.data } : refusalOf(path, 200, null, undefined);
}
