import type { DoctorLayer } from "./doctor-layers.ts";
import type { DoctorCheck } from "./schema/doctor.ts";

/** What a look at one thing found. */
export type CheckOutcome = Pick<DoctorCheck, "state" | "summary" | "fix">;

/** What is looked at, and how long that may take. */
export interface CheckSubject {
	readonly layer: DoctorLayer;
	readonly name: string;
	readonly timeLimitMs: number;
	/** What to do when it takes longer. */
	readonly fixWhenLate: string;
}

/** Nothing is wrong. */
export function fine(summary: string): CheckOutcome {
	return { state: "ok", summary, fix: null };
}

/** Works, with less. */
export function limited(summary: string, fix: string): CheckOutcome {
	return { state: "warning", summary, fix };
}

/** Does not work. */
export function broken(summary: string, fix: string): CheckOutcome {
	return { state: "failed", summary, fix };
}

/** Could not be looked at, or is not used here. */
export function skipped(summary: string): CheckOutcome {
	return { state: "skipped", summary, fix: null };
}

/** Looks at one thing. A look that takes too long, or throws, is a failed check: the doctor itself never fails. */
export async function runCheck(
	subject: CheckSubject,
	look: (signal: AbortSignal) => CheckOutcome | Promise<CheckOutcome>,
): Promise<DoctorCheck> {
	const { layer, name, timeLimitMs, fixWhenLate } = subject;
	const startedAtMs = performance.now();
	const controller = new AbortController();
	const late = broken(`No answer within ${timeLimitMs / 1000} s.`, fixWhenLate);
	let timer: ReturnType<typeof setTimeout> | undefined;
	const limit = new Promise<CheckOutcome>((resolve) => {
		timer = setTimeout(() => {
			resolve(late);
			controller.abort();
		}, timeLimitMs);
	});
	const looked = (async () => look(controller.signal))().catch((error: unknown) =>
		broken(`The check itself failed: ${error instanceof Error ? error.message : String(error)}`, fixWhenLate),
	);
	const outcome = await Promise.race([limit, looked]);
	clearTimeout(timer);
	return { layer, name, ...outcome, durationMs: Math.round(performance.now() - startedAtMs) };
}
