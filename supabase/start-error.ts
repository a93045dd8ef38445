/** A reason why the embedded Supabase cannot start or go on, as one line for the person who started it. */
export class StartError extends Error {
	override readonly name = "StartError";
}
