"use client";

import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { cleanBase32 } from "@opta/vault/encoding/base32";
import { type FormEvent, useState } from "react";
import { copySecret } from "./clipboard.ts";
import { Screen } from "./screen.tsx";

/** The two groups that are asked for; nobody who only glanced has them. */
const askedGroups = [2, 6] as const;

/** Shows the recovery key, once, and lets the reader prove that it was kept. */
export function RecoveryKeySheet({ recoveryKey, onKept }: { readonly recoveryKey: string; readonly onKept: () => void }) {
	const groups = recoveryKey.split("-");
	const [isHidden, setHidden] = useState(false);
	const [error, setError] = useState<string | null>(null);
	const [copied, setCopied] = useState<string | null>(null);

	function check(event: FormEvent<HTMLFormElement>): void {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		const isRight = askedGroups.every((at) => cleanBase32(String(form.get(`group-${at}`) ?? "")) === groups[at]);
		if (isRight) {
			onKept();
		} else {
			setError("These are not the groups of the key. Show it again and compare.");
		}
	}

	async function copy(): Promise<void> {
		const done = await copySecret(recoveryKey);
		setCopied(done ? "Copied; the clipboard is emptied in 30 seconds." : "The clipboard is not available here: write the key down.");
	}

	return (
		<Screen
			title="Your recovery key"
			lead="It opens the vault when the passphrase is forgotten. It is shown this once; nobody can give it to you again. Print it or write it down, and keep it away from this computer."
		>
			{isHidden ? null : (
				<>
					<ol aria-label="Recovery key" className="grid grid-cols-3 gap-2 rounded-lg border border-edge bg-surface p-4 sm:max-w-sm">
						{groups.map((group, at) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: two groups may be the same, and none moves
							<li key={at} className="font-mono text-lg">
								<span className="label-mono mr-1.5" aria-hidden="true">
									{at + 1}
								</span>
								{group}
							</li>
						))}
					</ol>
					<div className="flex flex-wrap gap-3 print:hidden">
						<Button onClick={() => setHidden(true)}>I have kept it</Button>
						<Button variant="secondary" onClick={() => print()}>
							Print
						</Button>
						<Button variant="secondary" onClick={() => void copy()}>
							Copy
						</Button>
					</div>
					<p role="status" className="text-sm text-muted">
						{copied}
					</p>
				</>
			)}
			{isHidden ? (
				<form onSubmit={check} className="space-y-5">
					<p>Type two groups of what you kept.</p>
					{askedGroups.map((at, index) => (
						<Field
							key={at}
							label={`Group ${at + 1}`}
							name={`group-${at}`}
							autoComplete="off"
							autoCapitalize="characters"
							spellCheck={false}
							required
							maxLength={4}
							error={index === 0 && error !== null ? error : undefined}
						/>
					))}
					<div className="flex flex-wrap gap-3">
						<Button type="submit">Done</Button>
						<Button variant="secondary" onClick={() => setHidden(false)}>
							Show the key again
						</Button>
					</div>
				</form>
			) : null}
			<Notice live={false} title="Keep both apart">
				<p>Whoever has this key can open the vault once they are signed in as you. Whoever loses passphrase and key loses what is in it.</p>
			</Notice>
		</Screen>
	);
}
