import { createServer } from "node:net";
import { siteByName } from "@opta/contracts/sites";
import { issueDeviceToken } from "../devices/issue-device-token.ts";
import { endOwnDevice, showOwnDevice } from "../devices/own-device.ts";
import { startDeviceCode } from "../devices/start-device-code.ts";
import { type AccountsBench, startAccountsBench } from "./accounts-bench.ts";
import { type Route, serveRoutes } from "./serve-routes.ts";

/** Accounts with the routes that programs sign in by, on a port of its own. */
export interface DeviceBench {
	readonly bench: AccountsBench;
	readonly stop: () => Promise<void>;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	await new Promise((resolve) => server.close(resolve));
	return port;
}

/** Starts it, with more routes where a test needs them. */
export async function startDeviceBench(
	moreRoutes: (context: AccountsBench["context"]) => Readonly<Record<string, Route>> = () => ({}),
): Promise<DeviceBench> {
	const port = await freePort();
	const bench = await startAccountsBench(port - siteByName("accounts").portOffset);
	const { context } = bench;
	const stopServing = await serveRoutes(port, {
		"POST /api/device/token": (request) => issueDeviceToken(context, request),
		"POST /api/device/code": (request) => startDeviceCode(context, request),
		"GET /api/device": (request) => showOwnDevice(context, request),
		"DELETE /api/device": (request) => endOwnDevice(context, request),
		...moreRoutes(context),
	});
	return {
		bench,
		async stop() {
			await stopServing();
			await bench.stop();
		},
	};
}
