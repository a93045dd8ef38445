import { doorRoutes, doorSockets } from "@opta/contracts/door-routes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";

let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
});
afterAll(() => lmx.stop());

/** Served on the host's own network alone. */
const notThroughTheDoor = ["GET /metrics"];
/** Answered by the door itself, which asks LMX for its part. */
const answeredByTheDoor = ["GET /admin/doctor"];

function withoutNames(path: string): string {
	return path.replaceAll(/:\w+|\{\w+\}/g, "*");
}

describe("the routes of LMX", () => {
	it("are all in the table of the door, or left out of it on purpose", async () => {
		const { paths } = (await (await fetch(`${lmx.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> };
		const served = Object.entries(paths).flatMap(([path, methods]) =>
			Object.keys(methods).map((method) => `${method.toUpperCase()} ${withoutNames(path)}`),
		);
		const all = [...doorRoutes, ...doorSockets.map((socket) => ({ ...socket, method: "GET" }))];
		const forwarded = all.filter(({ target }) => target === "lmx").map(({ method, path }) => `${method} ${withoutNames(path)}`);
		expect(served.toSorted()).toEqual([...forwarded, ...notThroughTheDoor, ...answeredByTheDoor].toSorted());
		expect(answeredByTheDoor.map((route) => all.find(({ method, path }) => `${method} ${path}` === route)?.target)).toEqual(["door"]);
	});
});
