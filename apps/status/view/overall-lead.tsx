import { StateMark } from "@opta/ui/state-mark.tsx";
import type { Overall } from "../report/overall.ts";
import { stateMarks, stateWords } from "../report/state-words.ts";
import { LocalTime } from "./local-time.tsx";

/** Below the sentence: its state as a mark, since when, and why. */
export function OverallLead({ state, since, detail }: Overall) {
	return (
		<p className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
			<StateMark state={stateMarks[state]} label={stateWords[state]} />
			{since === null ? null : (
				<span>
					since <LocalTime iso={since} />
				</span>
			)}
			{detail === null ? null : <span>{detail}</span>}
		</p>
	);
}
