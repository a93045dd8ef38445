"use client";

import type { PendingPermission, PermissionAnswer } from "@opta/contracts/schema/daemon-permission";
import { Button } from "@opta/ui/button.tsx";
import { type SubmitEvent, useId } from "react";
import { isDiff } from "./diff-lines.ts";
import { DiffView } from "./diff-view.tsx";
import { plainText } from "./plain-text.ts";

interface PermissionCardProps {
	readonly permission: PendingPermission;
	/** How many wait behind it. */
	readonly more: number;
	readonly busy: boolean;
	readonly answer: (answer: PermissionAnswer) => void;
}

const large = "min-h-12 flex-1 basis-28 px-2";

/** A question that a turn waits with: what would happen, and the answers. A rule for a whole project is made on the computer itself. */
export function PermissionCard({ permission, more, busy, answer }: PermissionCardProps) {
	const id = useId();
	const { id: permissionId, title, detail, kind, scopes, patterns } = permission;
	const decide = (decision: PermissionAnswer["decision"], scope: "once" | "session") => () => {
		if (!busy) {
			answer({ permissionId, decision, scope });
		}
	};
	return (
		<section aria-labelledby={`${id}-title`} className="rounded-lg border border-l-4 border-line border-l-warn bg-surface p-3 sm:p-4">
			<p className="label-mono flex justify-between gap-4" role="status">
				<span>{kind === "question" ? "The agent asks" : "Waits for your approval"}</span>
				{more > 0 ? <span>{more} more</span> : null}
			</p>
			<h2 id={`${id}-title`} className="mt-1 font-medium wrap-anywhere">
				{plainText(title)}
			</h2>
			{detail === undefined || detail === title ? null : (
				<div className="mt-2 max-h-[25dvh] sm:max-h-[35dvh] overflow-y-auto">
					{isDiff(detail) ? <DiffView diff={detail} /> : <Detail text={detail} />}
				</div>
			)}
			{kind === "question" ? (
				<QuestionForm permission={permission} busy={busy} answer={answer} />
			) : (
				<>
					<div className="mt-3 flex flex-wrap gap-2">
						<Button className={large} aria-disabled={busy} onClick={decide("allow", "once")}>
							Allow once
						</Button>
						{scopes.includes("session") ? (
							<Button variant="secondary" className={large} aria-disabled={busy} onClick={decide("allow", "session")}>
								<span className="sr-only">Allow for </span>This session
							</Button>
						) : null}
						<Button variant="danger" className={large} aria-disabled={busy} onClick={decide("deny", "once")}>
							Deny
						</Button>
					</div>
					{scopes.includes("session") && patterns.length > 0 ? (
						<p className="mt-2 text-[0.8125rem] text-muted wrap-anywhere">
							For this session it covers <span className="font-mono">{plainText(patterns.join(", "))}</span>
						</p>
					) : null}
				</>
			)}
		</section>
	);
}

function Detail({ text }: { readonly text: string }) {
	return <pre className="text-xs leading-5 whitespace-pre-wrap wrap-anywhere">{plainText(text)}</pre>;
}

function QuestionForm({ permission, busy, answer }: Pick<PermissionCardProps, "permission" | "busy" | "answer">) {
	const { id: permissionId, choices = [] } = permission;
	const give = (text: string): void => {
		if (!busy && text.trim() !== "") {
			answer({ permissionId, decision: "allow", scope: "once", answer: text.trim() });
		}
	};
	function submit(event: SubmitEvent<HTMLFormElement>): void {
		event.preventDefault();
		const text = new FormData(event.currentTarget).get("answer");
		give(typeof text === "string" ? text : "");
	}
	return (
		<form onSubmit={submit} className="mt-3 grid gap-2">
			{choices.map((choice) => (
				<Button
					key={choice}
					variant="secondary"
					className="min-h-12 justify-start text-left"
					aria-disabled={busy}
					onClick={() => give(choice)}
				>
					{plainText(choice)}
				</Button>
			))}
			<div className="flex flex-wrap gap-2">
				<input
					name="answer"
					aria-label="Answer of your own"
					placeholder="Answer of your own"
					autoComplete="off"
					className="h-12 min-w-0 flex-1 basis-40 rounded-md border border-edge bg-surface px-3 placeholder:text-muted"
				/>
				<Button type="submit" className="min-h-12" aria-disabled={busy}>
					Answer
				</Button>
				<Button
					variant="danger"
					className="min-h-12"
					aria-disabled={busy}
					onClick={() => !busy && answer({ permissionId, decision: "deny", scope: "once" })}
				>
					Not now
				</Button>
			</div>
		</form>
	);
}
