"use client";

import { Button } from "@opta/ui/button.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import type { ListedItem } from "@opta/vault/client/read-items";
import { useState } from "react";
import { copySecret } from "./clipboard.ts";
import { kindLabels } from "./item-form.tsx";
import type { CallVault } from "./use-vault.ts";
import type { VaultFailure, VaultView } from "./worker-protocol.ts";

interface ItemListProps {
	readonly view: VaultView;
	readonly call: CallVault;
	readonly onEdit: (item: ListedItem | null) => void;
	readonly onHistory: (item: ListedItem) => void;
	readonly onFailure: (failure: VaultFailure) => void;
}

const filterFrom = 8;

function matches({ name, username, url }: ListedItem, words: string): boolean {
	return `${name} ${username} ${url}`.toLowerCase().includes(words.trim().toLowerCase());
}

function ItemRow({ item, children }: { readonly item: ListedItem; readonly children: React.ReactNode }) {
	return (
		<li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3 first:pt-0 last:pb-0">
			<div className="min-w-0">
				<p className="font-medium break-words">
					{item.name}
					{item.conflictOf === null ? null : <span className="ml-2 font-mono text-[0.8125rem] text-warn">other version</span>}
				</p>
				<p className="text-sm break-words text-muted">{[kindLabels[item.kind], item.username, item.url].filter(Boolean).join(" · ")}</p>
			</div>
			<div className="flex flex-wrap gap-2">{children}</div>
		</li>
	);
}

/** All items by name, with what can be done with each. */
export function ItemList({ view, call, onEdit, onHistory, onFailure }: ItemListProps) {
	const [words, setWords] = useState("");
	const [said, setSaid] = useState<string | null>(null);
	const items = view.items.filter((item) => matches(item, words));
	const conflicts = view.items.filter(({ conflictOf }) => conflictOf !== null);

	async function copy({ itemId, name }: ListedItem): Promise<void> {
		const revealed = await call("reveal", { itemId });
		if (!revealed.ok) {
			onFailure(revealed.failure);
			return;
		}
		const done = await copySecret(revealed.value.value);
		setSaid(
			done
				? `${name}: copied. The clipboard is emptied in 30 seconds.`
				: `The clipboard is not available here. Open ${name} and copy by hand.`,
		);
	}

	if (view.items.length === 0) {
		return (
			<EmptyState title="Nothing in it yet" action={<Button onClick={() => onEdit(null)}>Add the first item</Button>}>
				<p>API keys that you add here reach the computers that you let in, without being read on the way.</p>
			</EmptyState>
		);
	}
	return (
		<div className="space-y-5">
			{conflicts.length === 0 ? null : (
				<Notice tone="warn" live={false} title="Some items were changed in two places at once">
					<p>Both versions are kept. Open the one marked "other version", take over what you need, and remove it.</p>
				</Notice>
			)}
			{view.items.length < filterFrom ? null : (
				<Field
					label="Find"
					name="find"
					type="search"
					autoComplete="off"
					value={words}
					onChange={(event) => setWords(event.currentTarget.value)}
				/>
			)}
			<ul aria-label="Items" className="divide-y divide-line rounded-lg border border-line bg-surface p-5">
				{items.map((item) => (
					<ItemRow key={item.itemId} item={item}>
						<Button variant="secondary" onClick={() => void copy(item)}>
							Copy<span className="sr-only"> {item.name}</span>
						</Button>
						<Button variant="secondary" onClick={() => onEdit(item)}>
							Open<span className="sr-only"> {item.name}</span>
						</Button>
						<Button variant="quiet" onClick={() => onHistory(item)}>
							History<span className="sr-only"> of {item.name}</span>
						</Button>
					</ItemRow>
				))}
				{items.length === 0 ? <li className="text-muted">Nothing has these words in its name, user name or address.</li> : null}
			</ul>
			<p role="status" className="min-h-6 text-sm text-muted">
				{said}
			</p>
		</div>
	);
}

/** Items that were removed; their history still opens. */
export function RemovedItems({
	items,
	onHistory,
}: {
	readonly items: readonly ListedItem[];
	readonly onHistory: (item: ListedItem) => void;
}) {
	if (items.length === 0) {
		return null;
	}
	return (
		<details className="mt-8 rounded-lg border border-line px-5 py-3">
			<summary className="text-sm text-muted">Removed ({items.length})</summary>
			<ul className="mt-4 divide-y divide-line">
				{items.map((item) => (
					<ItemRow key={item.itemId} item={item}>
						<Button variant="quiet" onClick={() => onHistory(item)}>
							History<span className="sr-only"> of {item.name}</span>
						</Button>
					</ItemRow>
				))}
			</ul>
		</details>
	);
}
