/** Names that usually hold secrets: whole names in lower case. */
const secretNames = new Set([
	".netrc",
	"_netrc",
	".npmrc",
	".pypirc",
	".pgpass",
	".git-credentials",
	".htpasswd",
	"credentials",
	"credentials.json",
	"secrets.json",
	"secrets.yaml",
	"secrets.yml",
	"service-account.json",
	"id_rsa",
	"id_dsa",
	"id_ecdsa",
	"id_ed25519",
]);

const secretEndings = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk"];
const secretFolders = new Set([".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker"]);
const examples = /\.(?:example|sample|template|dist)$/;

/** True for files that usually hold secrets (`.env`, keys, credentials), by their names alone; case does not count. */
export function isSecretPath(shown: string): boolean {
	const names = shown.toLowerCase().split(/[\\/]/);
	const name = names.at(-1) ?? "";
	if (names.slice(0, -1).some((folder) => secretFolders.has(folder))) {
		return true;
	}
	if (name === ".env" || name === ".envrc" || (name.startsWith(".env.") && !examples.test(name))) {
		return true;
	}
	return secretNames.has(name) || (secretEndings.some((ending) => name.endsWith(ending)) && !name.endsWith(".pub.pem"));
}

/** True for files that make other programs run something: what they say is not only text of the project. */
export function isControlPath(shown: string): boolean {
	const names = shown.toLowerCase().split(/[\\/]/);
	return names.includes(".git") || names.includes(".opta");
}
