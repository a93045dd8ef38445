import { isErrorCode } from "@opta/contracts/error-codes";
import { failureKindOf } from "../../daemon/unwrap-answer.ts";
import type { ExitName } from "../../program/command-spec.ts";
import type { TurnResult } from "./turn-result.ts";

/** The exit code of a task. */
export function exitOfResult(result: TurnResult): ExitName {
	switch (result.reason) {
		case "stop":
		case "joined":
			return result.denied.length > 0 ? "denied" : "ok";
		case "length":
		case "step_limit":
		case "timed_out":
			return "limit";
		case "cancelled":
			return "interrupted";
		case "error": {
			const code = result.error?.code ?? "unknown";
			return failureKindOf({ code: isErrorCode(code) || code === "offline" || code === "interrupted" ? code : "unknown" });
		}
	}
}
