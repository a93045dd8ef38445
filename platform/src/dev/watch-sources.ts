import { watch } from "node:fs";

const settleMs = 200;

/** Calls `onChange` once a burst of changes to source files below the folders has settled. The returned function ends the watch. */
export function watchSources(folders: readonly string[], onChange: () => void): () => void {
	let settling: NodeJS.Timeout | undefined;
	const watchers = folders.map((folder) =>
		watch(folder, { recursive: true }, (_event, file) => {
			if (file !== null && /\.(?:ts|sql|toml|json)$/.test(file) && !file.includes(".test.")) {
				clearTimeout(settling);
				settling = setTimeout(onChange, settleMs);
			}
		}),
	);
	return () => {
		clearTimeout(settling);
		for (const watcher of watchers) {
			watcher.close();
		}
	};
}
