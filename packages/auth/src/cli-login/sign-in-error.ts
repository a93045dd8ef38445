/** Why a sign-in did not come about, in words for people: what happened and what to do next. */
export class SignInError extends Error {
	override readonly name = "SignInError";
}
