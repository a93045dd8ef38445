/**
 * Runs all actions side by side. The first that fails stops the others through the signal they were given; its error is
 * thrown when all have ended, so that nothing goes on behind the caller's back.
 */
export async function allOrStop(signal: AbortSignal, actions: readonly ((signal: AbortSignal) => Promise<void>)[]): Promise<void> {
	const stop = new AbortController();
	const both = AbortSignal.any([signal, stop.signal]);
	let failure: { readonly error: unknown } | null = null;
	await Promise.all(
		actions.map((action) =>
			action(both).catch((error: unknown) => {
				failure ??= { error };
				stop.abort();
			}),
		),
	);
	const found = failure as { readonly error: unknown } | null;
	if (found !== null) {
		signal.throwIfAborted();
		throw found.error;
	}
}
