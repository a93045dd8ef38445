import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type SiteName, sites } from "@opta/contracts/sites";
import { readPageScripts } from "./first-load.ts";

/** First-load JavaScript of every page, gzip, against the site's limit in KB of 1,000 bytes. Exit code 1 above a limit. */
const limitsKb: Readonly<Record<SiteName, number>> = {
	home: 145,
	init: 145,
	help: 145,
	status: 145,
	learn: 160,
	accounts: 175,
	admin: 175,
	lmx: 175,
};

let over = 0;
for (const site of sites) {
	const folder = fileURLToPath(new URL(`../../apps/${site.name}/.next`, import.meta.url));
	if (!existsSync(folder)) {
		process.stdout.write(`${site.name.padEnd(9)} is not built; run \`npx turbo run build\` first\n`);
		over += 1;
		continue;
	}
	const limitKb = limitsKb[site.name];
	for (const page of readPageScripts(folder)) {
		const kb = page.gzipBytes / 1000;
		const verdict = kb <= limitKb ? "ok" : "OVER";
		over += kb <= limitKb ? 0 : 1;
		process.stdout.write(`${site.name.padEnd(9)} ${page.route.padEnd(22)} ${kb.toFixed(1).padStart(6)} KB of ${limitKb}  ${verdict}\n`);
	}
}
process.exitCode = over === 0 ? 0 : 1;
