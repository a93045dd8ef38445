import type { ModelEntry } from "@opta/contracts/schema/lmx-models";
import { modelStateMark } from "../host/model-state.ts";
import { isUsable } from "./choose-model.ts";

interface ModelPickerProps {
	/** Undefined until the host has told them. */
	readonly models: readonly ModelEntry[] | undefined;
	readonly chosen: ModelEntry | undefined;
	readonly disabled: boolean;
	readonly choose: (model: string) => void;
}

/** Picks the model of the next question; models that cannot answer are listed with the reason. */
export function ModelPicker({ models, chosen, disabled, choose }: ModelPickerProps) {
	return (
		<label className="flex min-w-0 items-center gap-2 text-sm text-muted max-sm:order-last max-sm:w-full">
			Model
			<select
				value={chosen?.id ?? ""}
				disabled={disabled || chosen === undefined}
				onChange={(event) => choose(event.target.value)}
				className="h-10 min-w-0 rounded-md max-sm:flex-1 sm:max-w-64 border border-edge bg-surface px-2 font-mono text-[0.8125rem] text-ink disabled:cursor-not-allowed disabled:text-muted"
			>
				{chosen === undefined ? <option value="">{models === undefined ? "asking the host" : "none is loaded"}</option> : null}
				{models?.map((model) => (
					<option key={model.id} value={model.id} disabled={!isUsable(model)}>
						{model.opta.state === "ready" ? model.id : `${model.id} (${modelStateMark(model.opta.state).label})`}
					</option>
				))}
			</select>
		</label>
	);
}
