import type { ComponentReport, StatusReport } from "@opta/contracts/schema/status-report";
import { staleAfterMs } from "./timing.ts";

const lastKnown = { up: "It was up then.", degraded: "It answered with trouble then.", down: "It was down then.", noData: "" } as const;

/** A part as it may be shown at a time: a check that is too old says nothing about now. Times are Unix milliseconds. */
export function currentState(component: ComponentReport, intervalMs: number, nowMs: number): ComponentReport {
	if (component.checkedAt === null || component.state === "noData") {
		return component;
	}
	if (nowMs - Date.parse(component.checkedAt) <= staleAfterMs(intervalMs)) {
		return component;
	}
	return { ...component, state: "noData", reason: `The last check is too old to say. ${lastKnown[component.state]}`, since: null };
}

/** A whole report as it may be shown at a time. */
export function currentReport(report: StatusReport, nowMs: number): StatusReport {
	return { ...report, components: report.components.map((component) => currentState(component, report.intervalMs, nowMs)) };
}
