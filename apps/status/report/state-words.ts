import type { ComponentState } from "@opta/contracts/schema/status-report";

/** The word for each state. */
export const stateWords = { up: "Up", degraded: "Degraded", down: "Down", noData: "No data" } as const satisfies Record<
	ComponentState,
	string
>;

/** The shape and colour for each state. */
export const stateMarks = { up: "ok", degraded: "warn", down: "bad", noData: "none" } as const satisfies Record<ComponentState, string>;
