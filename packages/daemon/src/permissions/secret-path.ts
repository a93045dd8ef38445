const secretName = /^(?:\.env(?:\..+)?|\.netrc|\.npmrc|\.pypirc|id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p12|pfx|kdbx))$/i;
const exampleName = /^\.env\.(?:example|sample|template|dist)$/i;
const secretFolder = /(?:^|\/)\.(?:ssh|gnupg|aws)\//i;

/** True for paths of files that are known to hold secrets: what an agent reads of them goes to the model. A person is asked first. */
export function isSecretPath(path: string): boolean {
	const normal = path.replaceAll("\\", "/");
	const name = normal.slice(normal.lastIndexOf("/") + 1);
	return secretFolder.test(normal) || (secretName.test(name) && !exampleName.test(name));
}
