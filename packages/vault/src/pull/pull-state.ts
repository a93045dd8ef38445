import { z } from "zod";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

const stateSchema = z.strictObject({
	/** What was last seen of the vault: an older state is refused. */
	pin: z.strictObject({ vaultId: z.string(), epoch: z.int(), counter: z.int() }),
	/** What the last pull put where, to know what to take away again. */
	pulled: z.array(z.strictObject({ itemId: z.string(), account: z.string() })),
});

/** What a device remembers between two pulls. No secret is in it. */
export type PullState = z.infer<typeof stateSchema>;

/** Keeps what a device remembers. */
export interface PullStateStore {
	/** Null before the device was paired. Rejects for a damaged state. */
	read(): Promise<PullState | null>;
	write(state: PullState): Promise<void>;
}

/** Keeps it in a file with mode 0600. */
export function openPullState(file: string): PullStateStore {
	return {
		async read() {
			const text = await readPrivateFile(file);
			return text === null ? null : stateSchema.parse(JSON.parse(text));
		},
		write: (state) => writePrivateFile(file, `${JSON.stringify(state, null, "\t")}\n`),
	};
}
