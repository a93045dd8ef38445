import { watch } from "node:fs";

/** Copying a file makes many events; a change is told when this long none came. */
const settleMs = 300;

/** What a watcher tells. */
export interface FolderListener {
	onChange(): void;
	/** Nothing is told any more. */
	onFailure(error: unknown): void;
}

/** Tells when something changes in a folder and below it, hidden names aside. The result ends that. */
export function watchFolder(folder: string, { onChange, onFailure }: FolderListener): () => void {
	let settling: NodeJS.Timeout | null = null;
	const settle = (): void => {
		if (settling !== null) {
			settling.refresh();
			return;
		}
		settling = setTimeout(() => {
			settling = null;
			onChange();
		}, settleMs);
		settling.unref();
	};
	try {
		const watcher = watch(folder, { recursive: true, persistent: false }, (_event, name) => {
			if (name === null || !name.startsWith(".")) {
				settle();
			}
		});
		watcher.on("error", onFailure);
		return () => {
			watcher.close();
			if (settling !== null) {
				clearTimeout(settling);
			}
		};
	} catch (error) {
		onFailure(error);
		return () => undefined;
	}
}
