"use client";

import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Spinner } from "@opta/ui/spinner.tsx";
import type { ListedItem } from "@opta/vault/client/read-items";
import { type ItemContent, type ItemKind, type ItemSecret, itemKinds } from "@opta/vault/items/item-content";
import { type FormEvent, useEffect, useId, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { Screen } from "./screen.tsx";
import { TextAreaField } from "./text-area-field.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { VaultView } from "./worker-protocol.ts";

/** What the kinds of items are called. */
export const kindLabels: Record<ItemKind, string> = { "api-key": "API key", login: "Login", note: "Note" };

interface ItemFormProps {
	/** Null for a new item. */
	readonly item: ListedItem | null;
	readonly call: CallVault;
	readonly onDone: (view: VaultView, said: string) => void;
	readonly onBack: () => void;
}

const noSecret: ItemSecret = { value: "", notes: "" };

function readForm(form: FormData): ItemContent {
	const text = (name: string): string => String(form.get(name) ?? "").replaceAll("\r\n", "\n");
	const kind = itemKinds.find((known) => known === text("kind")) ?? "note";
	const summary = { kind, name: text("name").trim(), username: text("username"), url: text("url"), isDeleted: false, conflictOf: null };
	return { summary, secret: { value: text("value"), notes: text("notes") } };
}

function KindField({ kind }: { readonly kind: ItemKind }) {
	const id = useId();
	return (
		<div>
			<label htmlFor={id} className="block text-sm font-medium">
				Kind
			</label>
			<select
				id={id}
				name="kind"
				defaultValue={kind}
				className="mt-2 block h-11 w-full rounded-md border border-edge bg-surface px-3 text-ink"
			>
				{itemKinds.map((known) => (
					<option key={known} value={known}>
						{kindLabels[known]}
					</option>
				))}
			</select>
		</div>
	);
}

/** Shows an item with what it keeps, and writes it. */
export function ItemForm({ item, call, onDone, onBack }: ItemFormProps) {
	const action = useAction();
	const { run } = action;
	const [secret, setSecret] = useState<ItemSecret | null>(item === null ? noSecret : null);

	useEffect(() => {
		if (item !== null) {
			void run(() => call("reveal", { itemId: item.itemId })).then((revealed) => setSecret(revealed?.value ?? null));
		}
	}, [item, call, run]);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const draft = { itemId: item?.itemId ?? null, baseVersion: item?.version ?? 0, content: readForm(new FormData(event.currentTarget)) };
		const saved = await action.run(() => call("save", draft));
		if (saved !== null) {
			const { outcome, view } = saved.value;
			onDone(
				view,
				outcome.state === "saved" ? "Saved." : "Somebody else changed this item meanwhile. Both versions are kept; yours is marked.",
			);
		}
	}

	async function remove(): Promise<void> {
		if (item === null) {
			return;
		}
		const removed = await action.run(() => call("remove", { itemId: item.itemId, version: item.version }));
		if (removed !== null) {
			onDone(
				removed.value.view,
				removed.value.removed ? "Removed. Its history is kept." : "It was changed elsewhere meanwhile and is still here. Look again.",
			);
		}
	}

	return (
		<Screen title={item === null ? "New item" : item.name} onBack={onBack}>
			<FailureNotice failure={action.failure} />
			{secret === null ? (
				<Spinner label="Opening the item" showLabel />
			) : (
				<form onSubmit={(event) => void submit(event)} className="space-y-5" autoComplete="off">
					<KindField kind={item?.kind ?? "api-key"} />
					<Field
						label="Name"
						name="name"
						required
						maxLength={200}
						defaultValue={item?.name ?? ""}
						hint="Not readable for the server, like everything here."
					/>
					<Field label="User name" name="username" maxLength={500} defaultValue={item?.username ?? ""} autoComplete="off" />
					<Field label="Address" name="url" maxLength={2000} defaultValue={item?.url ?? ""} inputMode="url" />
					<TextAreaField
						label="Secret"
						name="value"
						rows={3}
						spellCheck={false}
						autoComplete="off"
						autoCapitalize="off"
						defaultValue={secret.value}
						className="font-mono text-sm"
					/>
					<TextAreaField label="Notes" name="notes" rows={4} defaultValue={secret.notes} />
					<div className="flex flex-wrap gap-3">
						<Button type="submit" disabled={action.isBusy}>
							{action.isBusy ? "Sealing …" : "Save"}
						</Button>
						{item === null ? null : (
							<Button variant="danger" disabled={action.isBusy} onClick={() => void remove()}>
								Remove
							</Button>
						)}
					</div>
				</form>
			)}
		</Screen>
	);
}
