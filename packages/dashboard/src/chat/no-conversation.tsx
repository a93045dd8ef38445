import type { ModelEntry } from "@opta/contracts/schema/lmx-models";
import { Button } from "@opta/ui/button.tsx";
import { formatBytes } from "../host/format-bytes.ts";

interface NoConversationProps {
	readonly model: ModelEntry | undefined;
	readonly hostName: string;
	/** False when the browser refuses to keep anything. */
	readonly kept: boolean;
	/** Takes back what was put away; null when there is nothing. */
	readonly bringBack: (() => void) | null;
}

/** Stands in the conversation's place before the first question. */
export function NoConversation({ model, hostName, kept, bringBack }: NoConversationProps) {
	return (
		<div className="pt-6 sm:pt-12">
			<p className="text-xl font-semibold tracking-tight">{model === undefined ? `Ask ${hostName}` : `Ask ${model.opta.title}`}</p>
			<p className="mt-2 max-w-prose text-muted">
				Questions go to {hostName} and to nobody else.{" "}
				{kept
					? "The conversation stays in this tab, over reloads, until the tab is closed."
					: "This browser keeps nothing for this page, so a reload loses the conversation."}
			</p>
			{model === undefined ? null : <ModelFacts model={model} />}
			{bringBack === null ? null : (
				<Button variant="secondary" onClick={bringBack} className="mt-6">
					Bring back the last conversation
				</Button>
			)}
		</div>
	);
}

function ModelFacts({ model: { id, opta } }: { readonly model: ModelEntry }) {
	const facts = [
		["Model", id],
		["Context", opta.contextTokens === null ? null : `${opta.contextTokens.toLocaleString("en")} tokens`],
		["File", opta.fileBytes === null ? null : formatBytes(opta.fileBytes)],
		["Licence", opta.licence],
	] as const;
	return (
		<dl className="mt-6 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 text-sm">
			{facts.map(([name, value]) =>
				value === null ? null : (
					<div key={name} className="contents">
						<dt className="label-mono leading-6">{name}</dt>
						<dd className="font-mono text-[0.8125rem] leading-6 wrap-anywhere">{value}</dd>
					</div>
				),
			)}
		</dl>
	);
}
