import type { FinishReason, Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import type { HostError } from "./host-error.ts";

/** What a streamed answer tells, in the order of its arrival. Exactly one `done` or `error` ends it. */
export type ChatEvent =
	| { readonly type: "delta"; readonly text: string }
	| { readonly type: "usage"; readonly usage: Usage }
	| { readonly type: "timings"; readonly timings: Timings }
	| { readonly type: "done"; readonly finishReason: FinishReason | "cancelled" }
	| { readonly type: "error"; readonly error: HostError };
