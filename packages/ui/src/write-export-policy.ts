import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { siteAddressing } from "./addressing.ts";
import { inlineScriptHashes, withPolicy } from "./inline-script-hashes.ts";
import { contentSecurityPolicy } from "./security-headers.ts";

/**
 * After `next build` of an exported site: gives every page a Content-Security-Policy that names the hashes of its own
 * inline scripts. `node write-export-policy.ts <folder>`.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) {
	process.stderr.write("Usage: node write-export-policy.ts <folder of the exported site>\n");
	process.exit(1);
}

const addressing = siteAddressing();
const pages = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html"));
for (const page of pages) {
	const file = path.join(folder, page);
	const html = await readFile(file, "utf8");
	await writeFile(file, withPolicy(html, contentSecurityPolicy(addressing, { scriptSources: inlineScriptHashes(html) })));
}
process.stdout.write(`Content-Security-Policy written into ${pages.length} pages.\n`);
