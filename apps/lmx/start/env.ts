/**
 * Checks the environment of this server before the first request. Next.js compiles it for its edge runtime too, where
 * none of this exists; the name of the runtime is a build-time constant that leaves it out there.
 */
export async function checkAtStart(): Promise<void> {
	if (process.env.NEXT_RUNTIME === "nodejs") {
		const { checkEnvironmentAtStart } = await import("@opta/auth/start-check");
		checkEnvironmentAtStart("lmx");
	}
}
