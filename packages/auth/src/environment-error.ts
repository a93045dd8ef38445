/** A variable of the environment cannot be used; the message is one line that names it and says what would be right. */
export class EnvironmentError extends Error {
	override readonly name = "EnvironmentError";
}
