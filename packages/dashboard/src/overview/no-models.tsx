import { CodeBlock } from "@opta/ui/code-block.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";

/** Stands in the models card while the host has none, and says how it gets one. */
export function NoModels() {
	return (
		<EmptyState title="No model is loaded">
			<p>
				The host answers, but it has no model to answer with. Start it with a name from its catalogue or with a GGUF file; the smallest one
				ships with the platform.
			</p>
			<CodeBlock label="On the host" prompt code="npm run host -- --roles lmx --model smollm2-135m-instruct" className="mt-4" />
		</EmptyState>
	);
}
