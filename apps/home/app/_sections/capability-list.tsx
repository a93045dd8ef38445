import { type MarkState, StateMark } from "@opta/ui/state-mark.tsx";
import type { Capability } from "./capabilities.ts";

interface CapabilityListProps {
	readonly state: MarkState;
	readonly label: string;
	readonly items: readonly Capability[];
}

/** One column of what there is, or of what there is going to be. */
export function CapabilityList({ state, label, items }: CapabilityListProps) {
	return (
		<div>
			<h3 className="border-b border-edge pb-3">
				<StateMark state={state} label={label} />
			</h3>
			<ul>
				{items.map((item) => (
					<li key={item.title} className="border-b border-line py-4">
						<p className="font-medium">{item.title}</p>
						<p className="mt-0.5 text-sm text-muted">{item.text}</p>
					</li>
				))}
			</ul>
		</div>
	);
}
