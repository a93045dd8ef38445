import { createServer } from "node:net";

function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once("error", () => resolve(false));
		server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
	});
}

/** Finds a base after which `count` ports in a row are free on loopback. @throws when none is found in 200 tries. */
export async function findFreePortBlock(count: number): Promise<number> {
	for (let attempt = 0; attempt < 200; attempt++) {
		const base = 20_000 + Math.floor(Math.random() * 12_000);
		const ports = Array.from({ length: count }, (_, index) => base + 1 + index);
		const free = await Promise.all(ports.map(isFree));
		if (free.every(Boolean)) {
			return base;
		}
	}
	throw new Error(`No ${count} free ports in a row were found on loopback.`);
}
