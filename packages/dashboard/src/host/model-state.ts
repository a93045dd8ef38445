import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { MarkState } from "@opta/ui/state-mark.tsx";

/** How a model's state is shown: a mark and a word. */
export const modelStateMarks: Record<ModelState, { readonly mark: MarkState; readonly label: string }> = {
	unloaded: { mark: "none", label: "not loaded" },
	loading: { mark: "warn", label: "loading" },
	ready: { mark: "ok", label: "ready" },
	restarting: { mark: "warn", label: "restarting" },
	failed: { mark: "bad", label: "failed" },
};

/** The mark of a state; a newer server's state reads as unknown. */
export function modelStateMark(state: string): { readonly mark: MarkState; readonly label: string } {
	return Object.hasOwn(modelStateMarks, state) ? modelStateMarks[state as ModelState] : { mark: "none", label: state };
}
