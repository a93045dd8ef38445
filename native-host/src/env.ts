/** The environment this process was given. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** What programs need to run and to find graphics cards; nothing else of the user's environment reaches a role. */
const passedOn = /^(?:PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|DYLD_\w+|CUDA_\w+|NVIDIA_\w+|HIP_\w+|ROCR_\w+|VK_\w+|GGML_\w+)$/;

/** The environment of a role: what programs need, the variables that begin with the role's own prefix, and those it names. */
export function roleEnvironment(prefix: string, names: readonly string[]): Record<string, string> {
	const result: Record<string, string> = {};
	for (const [name, value] of Object.entries(process.env)) {
		if (value !== undefined && (passedOn.test(name) || name.startsWith(prefix) || names.includes(name))) {
			result[name] = value;
		}
	}
	return result;
}
