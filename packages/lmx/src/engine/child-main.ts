import { blockOnStderr } from "../child-process/block-on-stderr.ts";
import { dieWithParent } from "../child-process/die-with-parent.ts";
import type { FromEngine, ToEngine } from "./engine-messages.ts";
import { createEngineService, type EngineService } from "./engine-service.ts";
import { loadEngine, loadFailureMessage } from "./load-engine.ts";

/** The process of one loaded model. Its parent talks to it over the IPC channel; stderr belongs to the native library. */

let service: EngineService | null = null;

function send(message: FromEngine): void {
	process.send?.(message);
}

/** Ends the process after its last message was handed over. */
function endWith(message: FromEngine): void {
	process.send?.(message, undefined, undefined, () => process.exit(1));
}

process.on("message", (message: ToEngine) => {
	switch (message.type) {
		case "load":
			loadEngine(message.settings, (stage) => send({ type: "loadProgress", stage, fraction: null })).then(
				({ facts, ...engine }) => {
					service = createEngineService({
						...engine,
						generates: facts.generates,
						queueLimit: message.settings.queueLimit,
						send,
						onBroken: (error) => endWith({ type: "broken", message: String(error) }),
					});
					send({ type: "ready", facts });
				},
				(error: unknown) => endWith({ type: "loadFailed", message: loadFailureMessage(error) }),
			);
			break;
		case "generate":
			service?.generate(message.request);
			break;
		case "operate":
			service?.operate(message.id, message.operation);
			break;
		case "cancel":
			service?.cancel(message.id);
			break;
	}
});

blockOnStderr();
dieWithParent();
