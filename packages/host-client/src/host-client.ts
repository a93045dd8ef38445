import { peersPath } from "@opta/contracts/reach";
import type { DoctorReport } from "@opta/contracts/schema/doctor";
import type { FoundHosts } from "@opta/contracts/schema/found-hosts";
import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { ModelList } from "@opta/contracts/schema/lmx-models";
import type { Health, LmxStatus } from "@opta/contracts/schema/lmx-status";
import type { PeerList } from "@opta/contracts/schema/peers";
import { type HostError, type HostResult, offlineError, parseErrorResponse, parseJson, parseRetryAfterMs } from "./host-error.ts";
import type { HostKey } from "./host-key.ts";
import { pumpChatStream, type StreamChatOptions } from "./pump-chat-stream.ts";
import { type SessionRecovery, shareRecovery } from "./session-recovery.ts";

/** Where a host is reached, and how. */
export interface HostClientOptions {
	/** Put before every path, without a slash at its end: `""` for the same origin, `/api/host/<id>` on the site. */
	readonly baseUrl: string;
	readonly fetch?: typeof globalThis.fetch;
	/** Called after a 401 `session_expired`; the request is then sent once more. */
	readonly recoverSession?: SessionRecovery;
	/** For a host that is reached directly and may ask for a key. */
	readonly hostKey?: HostKey;
	/** Where the doctor is asked; the host's own when missing. A site has one that looks from further out. */
	readonly doctorPath?: string;
}

/** Talks to one host. No method throws or rejects: errors are values. */
export interface HostClient {
	/** Where this client talks to; also a key for caches. */
	readonly baseUrl: string;
	listModels(signal?: AbortSignal): Promise<HostResult<ModelList>>;
	status(signal?: AbortSignal): Promise<HostResult<LmxStatus>>;
	health(signal?: AbortSignal): Promise<HostResult<Health>>;
	/** The caller's own devices that are or lately were joined to the host; through the tunnel door only. */
	listPeers(signal?: AbortSignal): Promise<HostResult<PeerList>>;
	/** Hosts that announce themselves in the network of the server; the LMX Dashboard's site answers it. */
	findHosts(signal?: AbortSignal): Promise<HostResult<FoundHosts>>;
	/** Findings layer by layer; takes as long as the slowest. */
	doctor(signal?: AbortSignal): Promise<HostResult<DoctorReport>>;
	/** Streams one answer; resolves after its last event. */
	streamChat(request: ChatRequest, options: StreamChatOptions): Promise<void>;
}

const requestTimeoutMs = 10_000;
const doctorTimeoutMs = 60_000;

type Guard<T> = (body: Partial<T>) => boolean;

const guards = {
	models: ((body) => Array.isArray(body.data)) satisfies Guard<ModelList>,
	status: ((body) => Array.isArray(body.models) && typeof body.memory === "object") satisfies Guard<LmxStatus>,
	health: ((body) => typeof body.status === "string") satisfies Guard<Health>,
	peers: ((body) => Array.isArray(body.peers)) satisfies Guard<PeerList>,
	foundHosts: ((body) => Array.isArray(body.hosts)) satisfies Guard<FoundHosts>,
	doctor: ((body) => Array.isArray(body.checks)) satisfies Guard<DoctorReport>,
};

async function readError(response: Response): Promise<HostError> {
	const text = await response.text().catch(() => "");
	return parseErrorResponse(text, response.status, parseRetryAfterMs(response.headers.get("retry-after")));
}

/** A client for the host behind `baseUrl`. */
export function createHostClient(options: HostClientOptions): HostClient {
	const { baseUrl, hostKey } = options;
	const send = options.fetch ?? globalThis.fetch.bind(globalThis);
	const recovery = options.recoverSession === undefined ? undefined : shareRecovery(options.recoverSession);

	async function request(path: string, init: RequestInit & { readonly headers?: Record<string, string> }): Promise<HostResult<Response>> {
		for (let mayRecover = true; ; mayRecover = false) {
			const recoveries = recovery?.count ?? 0;
			const key = hostKey?.current() ?? null;
			const headers = key === null ? init.headers : { ...init.headers, authorization: `Bearer ${key}` };
			const response = await send(`${baseUrl}${path}`, { cache: "no-store", ...init, headers }).catch(() => null);
			if (response === null) {
				return { ok: false, error: offlineError() };
			}
			if (response.ok) {
				return { ok: true, value: response };
			}
			const error = await readError(response);
			if (key !== null && error.code === "unauthenticated") {
				hostKey?.refused(key);
			}
			if (!mayRecover || error.code !== "session_expired" || !(await recovery?.recover(recoveries))) {
				return { ok: false, error };
			}
		}
	}

	async function readJson<T>(path: string, guard: Guard<T>, signal?: AbortSignal, timeoutMs = requestTimeoutMs): Promise<HostResult<T>> {
		const timeout = AbortSignal.timeout(timeoutMs);
		const result = await request(path, { signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]) });
		if (!result.ok) {
			return result;
		}
		const text = await result.value.text().catch(() => null);
		if (text === null) {
			return { ok: false, error: offlineError() };
		}
		const body = parseJson(text);
		return isShape(body, guard) ? { ok: true, value: body } : { ok: false, error: parseErrorResponse("", result.value.status) };
	}

	return {
		baseUrl,
		listModels: (signal) => readJson<ModelList>("/v1/models", guards.models, signal),
		status: (signal) => readJson<LmxStatus>("/admin/status", guards.status, signal),
		health: (signal) => readJson<Health>("/healthz", guards.health, signal),
		listPeers: (signal) => readJson<PeerList>(peersPath, guards.peers, signal),
		findHosts: (signal) => readJson<FoundHosts>("/found-hosts", guards.foundHosts, signal),
		doctor: (signal) => readJson<DoctorReport>(options.doctorPath ?? "/admin/doctor", guards.doctor, signal, doctorTimeoutMs),
		async streamChat(chatRequest, streamOptions) {
			const { signal, onEvent } = streamOptions;
			const result = await request("/v1/chat/completions", {
				method: "POST",
				headers: { "content-type": "application/json", accept: "text/event-stream" },
				body: JSON.stringify({ ...chatRequest, stream: true, stream_options: { include_usage: true } }),
				signal,
			});
			if (signal.aborted) {
				onEvent({ type: "done", finishReason: "cancelled" });
			} else if (result.ok) {
				await pumpChatStream(result.value, streamOptions);
			} else {
				onEvent({ type: "error", error: result.error });
			}
		},
	};
}

function isShape<T>(body: unknown, guard: Guard<T>): body is T {
	return typeof body === "object" && body !== null && guard(body);
}
