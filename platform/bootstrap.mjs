// The one file that runs on whatever Node the machine has (20 or newer): it installs what the lockfile
// names, then hands over to the pinned Node, which runs the platform's TypeScript directly.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const commands = {
	start: "platform/src/start/main.ts",
	dev: "platform/src/dev/main.ts",
	test: "platform/src/test/main.ts",
	verify: "platform/src/verify/main.ts",
	host: "native-host/src/main.ts",
	opta: "packages/cli/src/main.ts",
	"bench-platform": "bench/platform/main.ts",
	"bench-chat": "bench/chat/main.ts",
	"bench-auth": "bench/auth/main.ts",
	"bench-lmx": "bench/lmx/main.ts",
	"bench-cli": "bench/cli/main.ts",
	"bench-agent": "bench/agent/main.ts",
	"bench-daemon": "bench/daemon/main.ts",
	"bench-reach": "bench/reach/main.ts",
};

function stop(message) {
	process.stderr.write(`${message}\n`);
	process.exit(1);
}

function installIfNeeded() {
	const wanted = createHash("sha256")
		.update(readFileSync(new URL("../package-lock.json", import.meta.url)))
		.digest("hex");
	const marker = new URL("../node_modules/.opta-installed", import.meta.url);
	if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) {
		return;
	}
	process.stdout.write("Installing packages (once per lockfile) …\n");
	const npm = process.platform === "win32" ? "npm.cmd" : "npm";
	const quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
	const result = spawnSync(npm, quiet, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
	if (result.status !== 0) {
		stop("Installing packages failed; the lines above say why. Check the network or the npm registry and try again.");
	}
	writeFileSync(marker, wanted);
}

const [name, ...args] = process.argv.slice(2);
const script = commands[name];
if (script === undefined) {
	stop(`Unknown command "${name ?? ""}". There are: ${Object.keys(commands).join(", ")}.`);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
	stop(`Opta Local needs Node 20 or newer to set itself up; this is ${process.version}.`);
}
installIfNeeded();

const node = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
const child = spawn(existsSync(node) ? node : process.execPath, [fileURLToPath(new URL(`../${script}`, import.meta.url)), ...args], {
	stdio: "inherit",
});
// Ctrl-C reaches the child by itself (same terminal); this process only has to outlive it.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => child.kill("SIGTERM"));
process.on("SIGHUP", () => child.kill("SIGHUP"));
child.on("error", (error) => stop(`The pinned Node could not be started: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal === null ? (code ?? 1) : 128 + (signal === "SIGINT" ? 2 : 15)));
