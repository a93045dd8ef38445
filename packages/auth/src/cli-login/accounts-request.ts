import { internalRequest } from "@opta/contracts/addressing";
import { type ErrorCode, isErrorCode } from "@opta/contracts/error-codes";
import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import { type Dispatcher, request } from "undici";
import type { z } from "zod";
import type { DeviceKey } from "../device-credential/device-key.ts";
import { proveKey } from "../device-credential/key-proof.ts";
import { SignInError } from "./sign-in-error.ts";

const timeoutMs = 15_000;
const userAgent = `opta (${process.platform})`;

/** What accounts answered: the value, or the code and words of its refusal. */
export type AccountsAnswer<T> =
	| { readonly ok: true; readonly value: T }
	| { readonly ok: false; readonly code: ErrorCode | "unknown"; readonly message: string; readonly retryAfterMs: number | null };

function readRefusal(body: unknown, retryAfter: string | string[] | undefined): AccountsAnswer<never> {
	const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
	const { code, message } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; message?: unknown };
	const seconds = Number(retryAfter);
	return {
		ok: false,
		code: typeof code === "string" && isErrorCode(code) ? code : "unknown",
		message: typeof message === "string" ? message : "Accounts answered something that this program does not know. Update it.",
		retryAfterMs: Number.isFinite(seconds) && retryAfter !== undefined ? seconds * 1000 : null,
	};
}

/** What goes to accounts. */
export interface AccountsCall<T> {
	readonly method: "GET" | "POST" | "DELETE";
	readonly path: string;
	readonly schema: z.ZodType<T>;
	readonly body?: unknown;
	/** The key that signs the request, and the secret in it. */
	readonly proof?: { readonly key: DeviceKey; readonly secret: string };
	readonly accessToken?: string;
	readonly signal?: AbortSignal;
	/** What the connection goes through; undici's own when missing. */
	readonly dispatcher?: Dispatcher;
}

/**
 * Calls a route of accounts.
 * @throws {SignInError} when accounts cannot be reached.
 */
export async function callAccounts<T>(addressing: SiteAddressing, call: AccountsCall<T>): Promise<AccountsAnswer<T>> {
	const { method, path, schema, body, proof, accessToken, signal, dispatcher } = call;
	const { url, headers } = internalRequest(addressing, "accounts", path);
	const publicUrl = siteUrl(addressing, "accounts", path);
	const limit = AbortSignal.timeout(timeoutMs);
	const sent = {
		...headers,
		"user-agent": userAgent,
		...(body === undefined ? {} : { "content-type": "application/json" }),
		...(proof === undefined ? {} : { dpop: await proveKey(proof.key, { method, url: publicUrl, secret: proof.secret }) }),
		...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
	};
	let status: number;
	let answer: unknown;
	let retryAfter: string | string[] | undefined;
	try {
		const response = await request(url, {
			method,
			headers: sent,
			body: body === undefined ? null : JSON.stringify(body),
			...(dispatcher === undefined ? {} : { dispatcher }),
			signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
		});
		status = response.statusCode;
		retryAfter = response.headers["retry-after"];
		answer = await response.body.json();
	} catch (error) {
		if (signal?.aborted) {
			throw signal.reason;
		}
		throw new SignInError(`Accounts cannot be reached at ${publicUrl}. Check the connection, then try again.`, { cause: error });
	}
	if (status !== 200) {
		return readRefusal(answer, retryAfter);
	}
	const parsed = schema.safeParse(answer);
	return parsed.success ? { ok: true, value: parsed.data } : readRefusal(null, undefined);
}
