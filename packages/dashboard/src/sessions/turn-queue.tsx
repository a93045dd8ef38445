import type { OpenTurn } from "@opta/contracts/schema/daemon-session";
import type { SessionView } from "@opta/host-client/session/session-view";
import { Button } from "@opta/ui/button.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";

interface TurnQueueProps {
	readonly view: SessionView;
	/** Cancels one turn; null while that is not possible. */
	readonly cancel: ((turnId: string) => void) | null;
}

const stages: Readonly<Record<string, string>> = {
	connecting: "Connecting to the model",
	loading_model: "Loading the model",
	queued: "Waiting for the model",
	reading_prompt: "Reading",
	compacting: "Summarising older messages",
	retrying: "Trying again",
};

function progressText({ progress }: SessionView): string {
	if (progress === null) {
		return "Working";
	}
	const percent = progress.fraction === null ? "" : ` ${Math.round(progress.fraction * 100)} %`;
	return `${progress.message ?? stages[progress.stage] ?? "Working"}${percent}`;
}

/** What runs, and what waits behind it. */
export function TurnQueue({ view, cancel }: TurnQueueProps) {
	const [first] = view.turns;
	if (first === undefined) {
		return null;
	}
	const isWorking = first.state === "running" && view.live === null;
	return (
		<div className="mt-5 grid gap-3">
			{isWorking ? <Spinner label={progressText(view)} showLabel /> : null}
			{view.turns
				.filter(({ state }) => state === "queued")
				.map((turn) => (
					<QueuedTurn key={turn.turnId} turn={turn} cancel={cancel} />
				))}
		</div>
	);
}

function QueuedTurn({ turn: { turnId, content }, cancel }: { readonly turn: OpenTurn; readonly cancel: TurnQueueProps["cancel"] }) {
	return (
		<article className="flex items-start justify-between gap-3 border-l-2 border-dashed border-edge pl-4 text-muted">
			<div className="min-w-0">
				<h2 className="label-mono mb-1">Waits for its turn</h2>
				<p className="line-clamp-3 whitespace-pre-wrap wrap-anywhere">{content}</p>
			</div>
			{cancel === null ? null : (
				<Button variant="quiet" className="min-h-8 px-2 py-0 text-xs" onClick={() => cancel(turnId)}>
					Take back
				</Button>
			)}
		</article>
	);
}
