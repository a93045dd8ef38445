import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { type HostError, type HostResult, offlineError, parseErrorResponse, parseJson, parseRetryAfterMs } from "../host-error.ts";
import { shareRecovery } from "../session-recovery.ts";
import type { DaemonClientOptions } from "./daemon-client.ts";

/** Method, path and what goes with them. */
export interface DaemonCall {
	readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
	readonly body?: unknown;
	readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
	readonly headers?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal | undefined;
	/** Longest wait for the answer; 30 s when missing. */
	readonly timeoutMs?: number;
}

/** Sends requests to one daemon. Nothing throws or rejects. */
export interface DaemonRequest {
	readonly json: <T>(path: string, call?: DaemonCall) => Promise<HostResult<T>>;
	readonly text: (path: string, call?: DaemonCall) => Promise<HostResult<string>>;
	/** The response as it comes, without a time limit. */
	readonly open: (path: string, call: DaemonCall) => Promise<HostResult<Response>>;
}

const defaultTimeoutMs = 30_000;

function pathWithQuery(path: string, query: DaemonCall["query"] = {}): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value !== undefined) {
			parameters.set(name, String(value));
		}
	}
	return parameters.size === 0 ? path : `${path}?${parameters}`;
}

async function readError(response: Response): Promise<HostError> {
	const text = await response.text().catch(() => "");
	return parseErrorResponse(text, response.status, parseRetryAfterMs(response.headers.get("retry-after")));
}

/** Requests with the client's token and name. */
export function createDaemonRequest(options: DaemonClientOptions): DaemonRequest {
	const send = options.fetch ?? globalThis.fetch.bind(globalThis);

	const recovery = options.recoverSession === undefined ? undefined : shareRecovery(options.recoverSession);

	async function open(path: string, call: DaemonCall): Promise<HostResult<Response>> {
		const recoveries = recovery?.count ?? 0;
		const answer = await openOnce(path, call);
		const isExpired = !answer.ok && answer.error.code === "session_expired";
		return isExpired && (await recovery?.recover(recoveries)) ? openOnce(path, call) : answer;
	}

	async function openOnce(path: string, { method = "GET", body, query, headers = {}, signal }: DaemonCall): Promise<HostResult<Response>> {
		const token = options.token();
		const response = await send(`${options.baseUrl}${pathWithQuery(path, query)}`, {
			method,
			cache: "no-store",
			redirect: "error",
			headers: {
				[daemonHeaders.clientId]: options.clientId,
				[daemonHeaders.clientName]: options.clientName,
				...(token === null ? {} : { authorization: `Bearer ${token}` }),
				...(body === undefined ? {} : { "content-type": "application/json" }),
				...headers,
			},
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal === undefined ? {} : { signal }),
		}).catch(() => null);
		if (response === null) {
			return { ok: false, error: offlineError() };
		}
		return response.ok ? { ok: true, value: response } : { ok: false, error: await readError(response) };
	}

	async function text(path: string, call: DaemonCall = {}): Promise<HostResult<string>> {
		const limit = AbortSignal.timeout(call.timeoutMs ?? defaultTimeoutMs);
		const signal = call.signal === undefined ? limit : AbortSignal.any([call.signal, limit]);
		const response = await open(path, { ...call, signal });
		if (!response.ok) {
			return response;
		}
		const value = await response.value.text().catch(() => null);
		return value === null ? { ok: false, error: offlineError() } : { ok: true, value };
	}

	return {
		open,
		text,
		async json<T>(path: string, call: DaemonCall = {}) {
			const answer = await text(path, call);
			if (!answer.ok) {
				return answer;
			}
			const value = parseJson(answer.value);
			return value === undefined ? { ok: false, error: parseErrorResponse("", 200) } : { ok: true, value: value as T };
		},
	};
}
