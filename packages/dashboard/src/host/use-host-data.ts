"use client";

import type { HostError, HostResult } from "@opta/host-client/host-error";
import useSWR from "swr";

/** What is known of something that the host is asked for again and again. Old data stays while the host is silent. */
export interface HostData<T> {
	readonly data: T | undefined;
	/** When `data` arrived, ms since 1970. */
	readonly receivedAtMs: number | undefined;
	/** Why the last request brought nothing; undefined once one succeeds. */
	readonly error: HostError | undefined;
	readonly asking: boolean;
	readonly retry: () => void;
}

interface Received<T> {
	readonly value: T;
	readonly receivedAtMs: number;
}

interface HostDataOptions<T> {
	/** Time between two requests, by the latest answer; 0 asks no more. Nothing is asked while the page is hidden. */
	readonly refreshMs: (latest: T | undefined) => number;
	/** Shows the answer to the key before until the one to a new key is there: for a search within one list, not for another host. */
	readonly keepsPrevious?: boolean;
}

const retryMs = 3_000;

/** Asks the host, keeps the answer, and asks again. `key` tells apart what is asked and of whom. */
export function useHostData<T>(
	key: readonly [baseUrl: string, what: string],
	ask: () => Promise<HostResult<T>>,
	{ refreshMs, keepsPrevious = false }: HostDataOptions<T>,
): HostData<T> {
	const { data, error, isValidating, mutate } = useSWR<Received<T>, HostError>(
		key,
		async () => {
			const result = await ask();
			return result.ok ? { value: result.value, receivedAtMs: Date.now() } : Promise.reject(result.error);
		},
		{
			refreshInterval: (latest) => refreshMs(latest?.value),
			dedupingInterval: 500,
			keepPreviousData: keepsPrevious,
			// `navigator.onLine` knows nothing of loopback and of a LAN without internet.
			refreshWhenOffline: true,
			onErrorRetry: (_error, _key, _config, revalidate, options) => {
				setTimeout(() => revalidate(options), retryMs);
			},
		},
	);
	return {
		data: data?.value,
		receivedAtMs: data?.receivedAtMs,
		error,
		asking: isValidating,
		retry: () => {
			mutate();
		},
	};
}
