import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a port that breaks when the test says so. */
export interface BreakingProxy {
	readonly url: string;
	/** Cuts every connection that is open now. */
	readonly cut: () => void;
	/** From now on connections are refused at once, or taken again. */
	readonly setOpen: (isOpen: boolean) => void;
	/** WebSocket upgrades are answered with 400 from now on. */
	readonly refuseUpgrades: () => void;
	readonly close: () => Promise<void>;
}

/** Starts one in front of a port of loopback. */
export async function startBreakingProxy(port: number): Promise<BreakingProxy> {
	const open = new Set<Socket>();
	let takes = true;
	let upgrades = true;
	const server = createServer((client) => {
		if (!takes) {
			client.resetAndDestroy();
			return;
		}
		const target = connect(port, "127.0.0.1");
		for (const [from, to] of [
			[client, target],
			[target, client],
		] as const) {
			open.add(from);
			from.on("error", () => undefined);
			from.on("close", () => {
				open.delete(from);
				to.destroy();
			});
		}
		client.on("data", (data) => {
			if (!upgrades && /^upgrade: websocket/im.test(data.toString("latin1"))) {
				client.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
			} else {
				target.write(data);
			}
		});
		target.on("data", (data) => client.write(data));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const cut = (): void => {
		for (const socket of open) {
			socket.resetAndDestroy();
		}
	};
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		cut,
		setOpen: (isOpen) => {
			takes = isOpen;
		},
		refuseUpgrades: () => {
			upgrades = false;
		},
		async close() {
			cut();
			server.close();
			await once(server, "close");
		},
	};
}
