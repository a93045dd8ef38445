import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { readAdminKey } from "@opta/daemon/config/admin-key";
import { findLmx, type LmxPlace } from "@opta/daemon/discovery/find-lmx";
import { type HostResult, parseErrorResponse, parseJson, parseRetryAfterMs } from "@opta/host-client/host-error";
import type { z } from "zod";
import { loadCliConfig } from "../config/load-cli-config.ts";
import { unwrapAnswer } from "../daemon/unwrap-answer.ts";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";
import { isLoopbackHost } from "./loopback-host.ts";

/** What goes to LMX. */
export interface LmxCall<T> {
	readonly method?: "GET" | "POST" | "DELETE";
	readonly path: string;
	readonly schema: z.ZodType<T>;
	readonly body?: unknown;
	/** Loading a large model takes minutes. */
	readonly timeoutMs?: number;
}

/** Talks to one LMX as its administrator. */
export interface LmxAdmin {
	readonly place: LmxPlace;
	readonly config: OptaConfig;
	readonly baseUrl: string;
	ask<T>(call: LmxCall<T>): Promise<HostResult<T>>;
	/** @throws {CommandFailure} where LMX refuses or is not there. */
	call<T>(call: LmxCall<T>): Promise<T>;
}

const usualTimeoutMs = 30_000;

/** The address of an LMX, without a path. */
export function lmxBaseUrl({ host, port }: Pick<LmxPlace, "host" | "port">): string {
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function send<T>(baseUrl: string, key: string | null, call: LmxCall<T>, signal: AbortSignal): Promise<HostResult<T>> {
	const { method = "GET", path, schema, body, timeoutMs = usualTimeoutMs } = call;
	const limit = AbortSignal.timeout(timeoutMs);
	let response: Response;
	let text: string;
	try {
		response = await fetch(`${baseUrl}${path}`, {
			method,
			headers: {
				...(key === null ? {} : { authorization: `Bearer ${key}` }),
				...(body === undefined ? {} : { "content-type": "application/json" }),
			},
			body: body === undefined ? null : JSON.stringify(body),
			signal: AbortSignal.any([signal, limit]),
		});
		text = await response.text();
	} catch (error) {
		if (signal.aborted) {
			throw new CommandFailure("interrupted", "Stopped.", { cause: error });
		}
		const message = limit.aborted
			? `LMX at ${baseUrl} did not answer in ${timeoutMs / 1000} s.`
			: `LMX cannot be reached at ${baseUrl}. Check that it runs there, and the address: opta connect`;
		return { ok: false, error: { code: limit.aborted ? "timeout" : "offline", message, status: null, retryAfterMs: null } };
	}
	if (!response.ok) {
		const error = parseErrorResponse(text, response.status, parseRetryAfterMs(response.headers.get("retry-after")));
		const hint = key === null ? " Set the host's admin key: opta config set connection.adminKey" : "";
		return { ok: false, error: response.status === 401 ? { ...error, message: `${error.message}${hint}` } : error };
	}
	const parsed = schema.safeParse(parseJson(text));
	return parsed.success
		? { ok: true, value: parsed.data }
		: {
				ok: false,
				error: {
					code: "unknown",
					message: `What answers at ${baseUrl} is no LMX that this program knows.`,
					status: response.status,
					retryAfterMs: null,
				},
			};
}

/** Talks to the LMX at a place. */
export function createLmxAdmin(place: LmxPlace, config: OptaConfig, key: string | null, signal: AbortSignal): LmxAdmin {
	const baseUrl = lmxBaseUrl(place);
	const ask = <T>(call: LmxCall<T>): Promise<HostResult<T>> => send(baseUrl, key, call, signal);
	return { place, config, baseUrl, ask, call: async (call) => unwrapAnswer(await ask(call)) };
}

/** Talks to the LMX that is configured, or found. */
export async function openLmxAdmin(context: CliContext): Promise<LmxAdmin> {
	const config = await loadCliConfig(context);
	return createLmxAdmin(await findLmx(config), config, await readAdminKey(config, context.home), context.signal);
}

/**
 * The same, for what stores models: never on a computer that is client-only.
 * @throws {CommandFailure} `failed`
 */
export async function openLmxForModels(context: CliContext): Promise<LmxAdmin> {
	const admin = await openLmxAdmin(context);
	if (admin.config.hostPolicy === "client" && isLoopbackHost(admin.place.host)) {
		throw new CommandFailure(
			"failed",
			"This computer is client-only (hostPolicy: client), so no models are kept here. Name the host: opta connect <address> --save",
		);
	}
	return admin;
}
