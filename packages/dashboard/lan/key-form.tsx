import type { HostError } from "@opta/host-client/host-error";
import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { type SubmitEvent, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import type { KeyProblem } from "../src/host/dashboard-place.tsx";
import type { TabKey } from "./tab-key.ts";

const refusedText = "The host did not accept this key. Check that all of it is there, and enter it again.";

function reasonOf({ code }: HostError): string {
	return code === "forbidden"
		? "The key of this tab is for inference only. This page needs the admin key."
		: "The admin key opens everything here; where the host has API keys, any of them opens the chat.";
}

interface KeyFormProps extends KeyProblem {
	readonly tabKey: TabKey;
}

/** Asks for the key of a host and gives it to `tabKey`. */
export function KeyForm({ tabKey, error, retry, retrying, children }: KeyFormProps) {
	const form = useRef<HTMLFormElement>(null);
	const [mistake, setMistake] = useState<string | null>(null);
	const { key, refused } = useSyncExternalStore(tabKey.subscribe, tabKey.getState);
	const checking = retrying && key !== null;

	// Once the key opens the page the form is gone, and the focus would start again at the top of the document.
	useLayoutEffect(() => {
		const element = form.current;
		return () => {
			if (element?.contains(document.activeElement)) {
				document.getElementById("main")?.focus();
			}
		};
	}, []);

	function submit(event: SubmitEvent<HTMLFormElement>): void {
		event.preventDefault();
		const text = new FormData(event.currentTarget).get("host-key");
		const problem = tabKey.enter(typeof text === "string" ? text : "");
		setMistake(problem);
		if (problem === null) {
			retry();
		}
	}

	return (
		<Notice tone="warn" title="This host wants a key">
			<p>{reasonOf(error)}</p>
			{children}
			<form ref={form} method="post" onSubmit={submit} className="mt-3 max-w-md">
				<Field
					label="Key of this host"
					name="host-key"
					type="password"
					autoComplete="off"
					spellCheck={false}
					hint="The admin key is in the file lmx/admin-key of the host's state folder. This tab keeps it until it is closed."
					error={mistake ?? (refused ? refusedText : undefined)}
				/>
				<Button type="submit" aria-disabled={checking} className="mt-3">
					{checking ? "Checking" : "Use key"}
				</Button>
			</form>
		</Notice>
	);
}
