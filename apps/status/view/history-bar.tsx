import type { ComponentCheck, ComponentState } from "@opta/contracts/schema/status-report";
import { stateWords } from "../report/state-words.ts";

const slots = 60;
const barWidth = 0.66;

/** Top and height of the pieces that stand for a check, on a height of 24: states differ in shape, not in colour alone. */
const pieces: Record<ComponentState, readonly (readonly [top: number, height: number])[]> = {
	up: [[0, 24]],
	degraded: [[10, 14]],
	down: [
		[0, 6],
		[9, 6],
		[18, 6],
	],
	noData: [[21.5, 2.5]],
};

const fills: Record<ComponentState, string> = { up: "fill-ok", degraded: "fill-warn", down: "fill-bad", noData: "fill-edge" };

const order = ["up", "degraded", "down", "noData"] as const;

function piecePath(state: ComponentState, slot: number): string {
	return pieces[state].map(([top, height]) => `M${slot} ${top}h${barWidth}v${height}h-${barWidth}z`).join("");
}

function summary(history: readonly ComponentCheck[]): string {
	if (history.length === 0) {
		return "No checks yet.";
	}
	const counts = order.map((state) => ({ state, count: history.filter((check) => check.state === state).length }));
	const words = counts.filter(({ count }) => count > 0).map(({ state, count }) => `${count} ${stateWords[state].toLowerCase()}`);
	return `Last ${history.length === 1 ? "check" : `${history.length} checks`}: ${words.join(", ")}.`;
}

/** The last 60 checks, newest at the right; what is not known is a dot on the ground. */
export function HistoryBar({ history }: { readonly history: readonly ComponentCheck[] }) {
	const shown = history.slice(-slots);
	const states = [...Array.from({ length: slots - shown.length }, () => "noData" as const), ...shown.map(({ state }) => state)];
	return (
		<svg viewBox={`0 0 ${slots} 24`} preserveAspectRatio="none" role="img" aria-label={summary(shown)} className="block h-6 w-full">
			{order.map((state) => (
				<path
					key={state}
					d={states.map((candidate, slot) => (candidate === state ? piecePath(state, slot) : "")).join("")}
					className={fills[state]}
				/>
			))}
		</svg>
	);
}

/** What the shapes of the bars mean. */
export function HistoryLegend() {
	return (
		<ul className="flex flex-wrap gap-x-6 gap-y-2 font-mono text-xs text-muted">
			{order.map((state) => (
				<li key={state} className="flex items-center gap-2">
					<svg viewBox={`0 0 ${barWidth} 24`} preserveAspectRatio="none" aria-hidden="true" className="h-4 w-1">
						<path d={piecePath(state, 0)} className={fills[state]} />
					</svg>
					{stateWords[state]}
				</li>
			))}
		</ul>
	);
}
