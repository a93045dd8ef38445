import type { Todo } from "@opta/contracts/schema/daemon-session";

const signs: Readonly<Record<Todo["state"], string>> = { pending: "○", in_progress: "◐", done: "●" };
const words: Readonly<Record<Todo["state"], string>> = { pending: "to do", in_progress: "in progress", done: "done" };

/** The agent's own list of things to do; folded, its line says how far it is. */
export function TodoList({ todos }: { readonly todos: readonly Todo[] }) {
	if (todos.length === 0) {
		return null;
	}
	const done = todos.filter(({ state }) => state === "done").length;
	const current = todos.find(({ state }) => state === "in_progress");
	return (
		<details className="border-t border-line text-sm">
			<summary className="min-h-9 truncate py-2 text-muted hover:text-ink">
				To do: {done} of {todos.length}
				{current === undefined ? "" : ` · ${current.text}`}
			</summary>
			<ul className="max-h-48 space-y-1 overflow-y-auto pb-3">
				{todos.map(({ text, state }, index) => (
					<li
						// biome-ignore lint/suspicious/noArrayIndexKey: the list comes whole each time, and texts may repeat
						key={index}
						className={`flex gap-2 wrap-anywhere ${state === "done" ? "text-muted line-through" : ""}`}
					>
						<span aria-hidden="true">{signs[state]}</span>
						<span>
							{text}
							<span className="sr-only">, {words[state]}</span>
						</span>
					</li>
				))}
			</ul>
		</details>
	);
}
