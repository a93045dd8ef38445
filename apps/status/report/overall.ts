import type { ComponentReport, ComponentState } from "@opta/contracts/schema/status-report";

/** The whole platform in one sentence. */
export interface Overall {
	readonly state: ComponentState;
	readonly headline: string;
	/** Since when, where the sentence is about a single part. */
	readonly since: string | null;
	/** What is wrong with a single part, or which parts it is about where they are many. */
	readonly detail: string | null;
}

function namesOf(parts: readonly ComponentReport[]): string {
	return parts.length > 2 ? `${parts.length} parts` : parts.map(({ title }) => title).join(" and ");
}

function trouble(state: ComponentState, parts: readonly ComponentReport[], verbs: readonly [one: string, many: string]): Overall {
	const only = parts.length === 1 ? parts[0] : undefined;
	const headline = `${namesOf(parts)} ${only === undefined ? verbs[1] : verbs[0]}`;
	const names = parts.length > 2 ? `${parts.map(({ title }) => title).join(", ")}.` : null;
	return { state, headline, since: only?.since ?? null, detail: only?.reason ?? names };
}

/** Says the worst first: what is down, then what is degraded, then what is not known. */
export function overall(components: readonly ComponentReport[]): Overall {
	const inState = (state: ComponentState) => components.filter((component) => component.state === state);
	const down = inState("down");
	if (down.length > 0) {
		return trouble("down", down, ["does not answer", "do not answer"]);
	}
	const degraded = inState("degraded");
	if (degraded.length > 0) {
		return trouble("degraded", degraded, ["answers, but not as it should", "answer, but not as they should"]);
	}
	const up = inState("up");
	const wentSilent = inState("noData").filter(({ checkedAt }) => checkedAt !== null);
	if (up.length === 0) {
		return { state: "noData", headline: wentSilent.length > 0 ? "No fresh data" : "No data yet", since: null, detail: null };
	}
	if (up.length === components.length) {
		return { state: "up", headline: "All parts answer", since: null, detail: null };
	}
	const headline = `${up.length} of ${components.length} parts answer, no data on ${namesOf(inState("noData"))}`;
	return { state: wentSilent.length > 0 ? "noData" : "up", headline, since: null, detail: null };
}
