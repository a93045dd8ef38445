import path from "node:path";
import { pino } from "pino";
import { usualDownloadSettings } from "../downloads/download-run.ts";
import { downloadWork } from "../downloads/download-work.ts";
import { startDownload } from "../downloads/start-download.ts";
import { EventBus } from "../events/event-bus.ts";
import { JobRunner } from "../jobs/job-runner.ts";
import { JobStore } from "../jobs/job-store.ts";
import { FolderLibrary } from "../library/folder-library.ts";

/** A process that does nothing but download, to be killed: `home`, address of the hub, and what to download (`-` for what is open). */

const [home = "", hubUrl = "", model = "-"] = process.argv.slice(2);
const events = new EventBus();
const logger = pino({ level: "silent" });
const library = await FolderLibrary.open({ modelDir: path.join(home, "models"), stateDir: home, modelFile: null, events, logger });
const jobs = new JobRunner({ store: new JobStore(path.join(home, "jobs.sqlite")), events, logger });
jobs.register(
	downloadWork({
		library,
		settings: () => ({
			...usualDownloadSettings,
			modelDir: path.join(home, "models"),
			hubUrl,
			token: null,
			segmentBytes: 128 * 1024,
			pauseMs: 10,
		}),
	}),
);
events.subscribe((event) => process.send?.(event));
jobs.begin();
if (model !== "-") {
	startDownload(jobs, library, { model });
}
