import { getResponder } from "@homebridge/ciao";
import { browseLmx } from "@opta/host-client/discovery/browse-lmx";
import { expect, it } from "vitest";

it("finds a host that announces itself on this network", async () => {
	const responder = getResponder();
	const service = responder.createService({
		name: "Opta LMX under test",
		type: "opta-lmx",
		port: 4321,
		txt: { version: "0.1.0", auth: "none", adminAuth: "key" },
	});
	try {
		await service.advertise();
		const found = await browseLmx({ timeoutMs: 3000, firstOnly: true });
		expect(found).toContainEqual(
			expect.objectContaining({ name: "Opta LMX under test", port: 4321, needsKey: false, needsAdminKey: true }),
		);
	} finally {
		await responder.shutdown();
	}
});

it("finds nothing, in the time it was given, where nobody answers", async () => {
	const startedAt = performance.now();
	expect(await browseLmx({ timeoutMs: 200, group: { address: "127.0.0.1", port: 9 } })).toEqual([]);
	expect(performance.now() - startedAt).toBeLessThan(2000);
});
