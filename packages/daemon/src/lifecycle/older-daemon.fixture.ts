import { environment } from "../env.ts";
import { startDaemon } from "../start-daemon.ts";

/** A daemon of an older build, as a process: `node older-daemon.fixture.ts <home> <build>`. */
const [home = "", build = ""] = process.argv.slice(2);
const started = await startDaemon({ home, port: 0, environment, build });
if (!started.ok) {
	throw new Error(started.message);
}
process.send?.({ type: "ready", port: started.daemon.port });
await started.daemon.stopped;
process.exit(0);
