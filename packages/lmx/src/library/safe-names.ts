const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const maxPartLength = 200;
const maxParts = 8;

function isSafePart(part: string): boolean {
	return (
		part.length > 0 &&
		part.length <= maxPartLength &&
		/^[A-Za-z0-9_][A-Za-z0-9._+@=,() -]*$/.test(part) &&
		!/[. ]$/.test(part) &&
		!reservedOnWindows.test(part)
	);
}

/**
 * True for a relative path that stays below its folder on every platform: parts of plain characters with `/` between,
 * none hidden, none `..`. What a repository or a manifest names is checked with this before it touches the disk.
 */
export function isSafeFileName(name: string): boolean {
	const parts = name.split("/");
	return parts.length <= maxParts && parts.every(isSafePart);
}

/** True for a name that may be a model's id, and so a folder. */
export function isModelId(id: string): boolean {
	return /^[a-z0-9][a-z0-9._-]{0,127}$/.test(id) && !id.endsWith(".") && !reservedOnWindows.test(id);
}

/** Makes an id from a file's or a repository's name: lower case, what an id cannot hold becomes a dash. */
export function modelIdFrom(name: string): string {
	const id = name
		.toLowerCase()
		.replace(/\.gguf$/, "")
		.replaceAll(/[^a-z0-9._-]+/g, "-")
		.replace(/^[^a-z0-9]+/, "")
		.slice(0, 128)
		.replace(/[.-]+$/, "");
	return isModelId(id) ? id : "model";
}
