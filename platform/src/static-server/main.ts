import { readFileSync } from "node:fs";
import path from "node:path";
import { parseAddressing } from "@opta/contracts/addressing";
import { siteHostname, sitePort } from "@opta/contracts/site-url";
import { sites } from "@opta/contracts/sites";
import { environment, repositoryRoot } from "../environment/env.ts";
import { createSiteServer } from "./serve-site.ts";
import { vercelConfigSchema } from "./site-headers.ts";

/** One process for all exported sites: each on its own port, with the headers of its `vercel.json`. */
const addressing = parseAddressing(environment);
const portBase = addressing.portBase ?? 3000;
let waiting = 0;

function fail(message: string): never {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

for (const site of sites) {
	if (site.kind !== "static") {
		continue;
	}
	const folder = path.join(repositoryRoot, "apps", site.name);
	const port = sitePort(portBase, site.name);
	const config = vercelConfigSchema.parse(JSON.parse(readFileSync(path.join(folder, "vercel.json"), "utf8")));
	const exported = { root: path.join(folder, "out"), config, canonicalHost: `${siteHostname(addressing, site.name)}:${port}` };
	waiting += 1;
	createSiteServer(exported, (error) => process.stderr.write(`${site.name}: ${error instanceof Error ? error.message : String(error)}\n`))
		.on("error", (error) => fail(`The ${site.name} site cannot listen on port ${port}: ${error.message}`))
		.listen(port, "127.0.0.1", () => {
			waiting -= 1;
			if (waiting === 0) {
				process.send?.({ type: "ready" });
			}
		});
}

process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
