"use client";

import type { PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import { diffCounts } from "@opta/host-client/session/diff-counts";
import type { ToolRun } from "@opta/host-client/session/tool-run";
import { toolTitle } from "@opta/host-client/session/tool-title";
import { ScrollRegion } from "@opta/ui/scroll-region.tsx";
import { type MarkState, StateMark } from "@opta/ui/state-mark.tsx";
import { memo, useState } from "react";
import { formatDuration } from "../host/format-duration.ts";
import { DiffView } from "./diff-view.tsx";
import { plainText } from "./plain-text.ts";

const states: Readonly<Record<ToolRun["state"], { readonly state: MarkState; readonly label: string }>> = {
	running: { state: "none", label: "running" },
	ok: { state: "ok", label: "done" },
	failed: { state: "bad", label: "failed" },
	stopped: { state: "none", label: "stopped" },
};

const mostShown = 20_000;

interface ToolBlockProps {
	readonly run: ToolRun;
	readonly decision: PermissionResolution | null;
	/** True until somebody has answered whether it may run. */
	readonly waits: boolean;
}

/** One call of a tool: a line, and behind it what went in and came out. A change of files is open from the start. */
export const ToolBlock = memo(function ToolBlock({ run, decision, waits }: ToolBlockProps) {
	const [choice, setChoice] = useState<boolean | null>(null);
	const isOpen = choice ?? (run.diff !== null && run.diff !== "");
	const counts = run.diff === null ? null : diffCounts(run.diff);
	return (
		<div className="rounded-md border border-line">
			<details open={isOpen} onToggle={(event) => setChoice(event.currentTarget.open)}>
				<summary className="flex min-h-11 list-none flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2 text-sm hover:bg-raised [&::-webkit-details-marker]:hidden">
					<svg
						viewBox="0 0 8 8"
						className="size-2 shrink-0 fill-none stroke-current in-open:rotate-90"
						strokeWidth="1.25"
						aria-hidden="true"
					>
						<path d="m2.5 1 3 3-3 3" />
					</svg>
					<span className="min-w-0 flex-1 basis-40 font-mono text-[0.8125rem] wrap-anywhere">
						{plainText(run.title ?? toolTitle(run.name, run.arguments)).slice(0, 300)}
					</span>
					{counts === null ? null : (
						<span className="font-mono text-xs text-muted">
							+{counts.added} −{counts.removed}
						</span>
					)}
					{run.durationMs === null || run.durationMs < 1000 ? null : (
						<span className="font-mono text-xs text-muted">{formatDuration(run.durationMs)}</span>
					)}
					{waits ? <StateMark state="warn" label="waits" /> : <StateMark {...states[run.state]} />}
				</summary>
				{isOpen ? <ToolDetails run={run} /> : null}
			</details>
			{!isOpen && run.state === "running" && run.tail !== "" ? (
				<div className="border-t border-line p-3">
					<Output text={run.tail} label="Output so far" />
				</div>
			) : null}
			{decision === null ? null : <p className="border-t border-line px-3 py-2 text-[0.8125rem] text-muted">{decisionText(decision)}</p>}
		</div>
	);
});

function ToolDetails({ run }: Pick<ToolBlockProps, "run">) {
	const hasArguments = Object.keys(run.arguments).length > 0;
	const output = run.output ?? run.tail;
	return (
		<div className="grid gap-3 border-t border-line p-3">
			{run.diff === null || run.diff === "" ? null : <DiffView diff={run.diff} />}
			{hasArguments && (run.diff === null || run.diff === "") ? <Output text={inputText(run.arguments)} label="Input" /> : null}
			{output === "" ? null : <Output text={output} label={run.output === null ? "Output so far" : "Output"} />}
			{run.truncated ? <p className="text-[0.8125rem] text-muted">The output was cut for the model.</p> : null}
		</div>
	);
}

/** Arguments one after the other, texts as they are. */
function inputText(toolArguments: ToolRun["arguments"]): string {
	return Object.entries(toolArguments)
		.map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
		.join("\n");
}

function Output({ text, label }: { readonly text: string; readonly label: string }) {
	const shown = plainText(text.slice(-mostShown)).trimEnd();
	return (
		<div>
			<p className="label-mono mb-1">{label}</p>
			<ScrollRegion label={label} className="max-h-80 overflow-y-auto rounded-md border border-line bg-surface -outline-offset-2">
				<pre className="w-max min-w-full px-3 py-2 text-xs leading-5">{shown}</pre>
			</ScrollRegion>
			{text.length > mostShown ? <p className="mt-1 text-[0.8125rem] text-muted">Only the end is shown here.</p> : null}
		</div>
	);
}

/** Who decided, and how far it reaches. */
function decisionText({ decision, scope, by, cause, answer }: PermissionResolution): string {
	if (cause === "timed_out") {
		return "Nobody answered in time, so it was denied.";
	}
	if (cause === "cancelled") {
		return "The question ended with its turn.";
	}
	if (answer !== undefined) {
		return `Answered by ${by}: ${answer}`;
	}
	const reach = { once: "once", session: "for this session", project: "for this project" }[scope];
	return decision === "allow" ? `Allowed ${reach} by ${by}.` : `Denied by ${by}.`;
}
