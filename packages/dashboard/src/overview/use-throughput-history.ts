"use client";

import type { LmxStatus } from "@opta/contracts/schema/lmx-status";
import { useEffect, useState } from "react";
import { appendSample, liveTokensPerSecond } from "./live-throughput.ts";

/** The rates of the answers since the page was opened, newest last. */
export function useThroughputHistory(status: LmxStatus | undefined): readonly number[] {
	const [history, setHistory] = useState<readonly number[]>([]);

	useEffect(() => {
		if (status !== undefined) {
			setHistory((earlier) => appendSample(earlier, liveTokensPerSecond(status)));
		}
	}, [status]);

	return history;
}
