"use client";

import { Button } from "@opta/ui/button.tsx";
import { Field } from "@opta/ui/field.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { type FormEvent, useId, useState } from "react";
import { FailureNotice } from "./failure-notice.tsx";
import { NewPassphraseFields, readNewPassphrase } from "./passphrase-fields.tsx";
import { Screen } from "./screen.tsx";
import { useAction } from "./use-action.ts";
import type { CallVault } from "./use-vault.ts";
import type { ExportedFile, ExportFormat, VaultView } from "./worker-protocol.ts";

interface TransferItemsProps {
	readonly call: CallVault;
	readonly onImported: (view: VaultView, said: string) => void;
	readonly onBack: () => void;
}

const largestFileBytes = 20_000_000;

function download({ name, type, text }: ExportedFile): void {
	const address = URL.createObjectURL(new Blob([text], { type }));
	const link = document.createElement("a");
	link.href = address;
	link.download = name;
	link.click();
	URL.revokeObjectURL(address);
}

function SealedExport({ call }: { readonly call: CallVault }) {
	const action = useAction();
	const [problem, setProblem] = useState<string | null>(null);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const form = event.currentTarget;
		const { passphrase, problem } = readNewPassphrase(new FormData(form));
		setProblem(problem);
		const file = problem === null ? await action.run(() => call("export", { format: "sealed", passphrase })) : null;
		if (file !== null) {
			download(file.value);
			form.reset();
		}
	}

	return (
		<form onSubmit={(event) => void submit(event)} className="space-y-5">
			<h3 className="font-medium">Sealed export</h3>
			<p className="text-sm text-muted">A file that only its own passphrase opens. Good for a backup.</p>
			<FailureNotice failure={action.failure} />
			<NewPassphraseFields problem={problem} label="Passphrase of the file" />
			<Button type="submit" variant="secondary" disabled={action.isBusy}>
				{action.isBusy ? "Sealing …" : "Export sealed"}
			</Button>
		</form>
	);
}

function PlainExport({ call }: { readonly call: CallVault }) {
	const action = useAction();
	const [isUnderstood, setUnderstood] = useState(false);

	async function run(format: ExportFormat): Promise<void> {
		const file = await action.run(() => call("export", { format, passphrase: "" }));
		if (file !== null) {
			download(file.value);
		}
	}

	return (
		<div className="space-y-4">
			<h3 className="font-medium">Readable export</h3>
			<Notice tone="warn" live={false} title="Anybody who gets this file can read everything in it">
				<p>So can every program and backup that sees your downloads. Delete it as soon as you can.</p>
			</Notice>
			<FailureNotice failure={action.failure} />
			<label className="flex items-center gap-3 text-sm">
				<input
					type="checkbox"
					checked={isUnderstood}
					onChange={(event) => setUnderstood(event.currentTarget.checked)}
					className="size-4 accent-accent"
				/>
				I want it readable
			</label>
			<div className="flex flex-wrap gap-3">
				<Button variant="danger" disabled={!isUnderstood || action.isBusy} onClick={() => void run("json")}>
					Export as JSON
				</Button>
				<Button variant="danger" disabled={!isUnderstood || action.isBusy} onClick={() => void run("csv")}>
					Export as CSV
				</Button>
			</div>
		</div>
	);
}

function ImportFile({ call, onImported }: Pick<TransferItemsProps, "call" | "onImported">) {
	const action = useAction();
	const id = useId();
	const [needsPassphrase, setNeedsPassphrase] = useState(false);

	async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
		event.preventDefault();
		const form = new FormData(event.currentTarget);
		const file = form.get("file");
		if (!(file instanceof File) || file.size > largestFileBytes) {
			action.fail("The file is larger than 20 MB; nothing was imported.");
			return;
		}
		const passphrase = needsPassphrase ? String(form.get("secret") ?? "") : null;
		const text = await file.text();
		const imported = await action.run(() => call("import", { text, isCsv: file.name.toLowerCase().endsWith(".csv"), passphrase }));
		if (imported?.value.state === "needsPassphrase") {
			setNeedsPassphrase(true);
		} else if (imported !== null) {
			onImported(imported.value.view, `${imported.value.count} items imported.`);
		}
	}

	return (
		<form onSubmit={(event) => void submit(event)} className="space-y-5">
			<h3 className="font-medium">Import</h3>
			<p className="text-sm text-muted">
				A sealed or readable export of a vault, or the CSV of another password manager. It is read here and sealed before it is sent.
			</p>
			<FailureNotice failure={action.failure} />
			<div>
				<label htmlFor={id} className="block text-sm font-medium">
					File
				</label>
				<input
					id={id}
					name="file"
					type="file"
					accept=".json,.csv,application/json,text/csv"
					required
					onChange={() => setNeedsPassphrase(false)}
					className="mt-2 block w-full text-sm file:mr-4 file:min-h-10 file:rounded-md file:border file:border-edge file:bg-transparent file:px-4 file:font-mono file:text-ink"
				/>
			</div>
			{needsPassphrase ? (
				<Field label="Passphrase of the file" name="secret" type="password" autoComplete="off" required hint="The file is sealed." />
			) : null}
			<Button type="submit" variant="secondary" disabled={action.isBusy}>
				{action.isBusy ? "Importing …" : "Import"}
			</Button>
		</form>
	);
}

/** Into the vault and out of it. */
export function TransferItems({ call, onImported, onBack }: TransferItemsProps) {
	return (
		<Screen title="Import and export" onBack={onBack}>
			<ImportFile call={call} onImported={onImported} />
			<hr className="border-line" />
			<SealedExport call={call} />
			<hr className="border-line" />
			<PlainExport call={call} />
		</Screen>
	);
}
