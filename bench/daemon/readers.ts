import { daemonSocketProtocol, daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";

/** Clients that follow one session over WebSockets, and count. */
export interface Readers {
	/** Resolves when every one of them has got a frame in which this text stands, counted from now. */
	readonly allHear: (text: string, times?: number) => Promise<void>;
	/** Called with each frame's text. */
	onFrame: (frame: string) => void;
	readonly close: () => void;
}

/** Opens so many and waits until all are live. */
export async function openReaders(count: number, baseUrl: string, token: string, sessionId: string): Promise<Readers> {
	let waiting: { text: string; left: number[]; resolve: () => void } | null = null;
	const readers: Readers = {
		onFrame: () => undefined,
		allHear: (text, times = 1) =>
			new Promise((resolve) => {
				waiting = { text, left: Array<number>(count).fill(times), resolve };
			}),
		close: () => {
			for (const socket of sockets) {
				socket.close();
			}
		},
	};
	const live = readers.allHear('"replay.complete"');
	const sockets = Array.from({ length: count }, (_socket, index) => {
		const socket = new WebSocket(`${baseUrl.replace("http", "ws")}/v3/ws`, [daemonSocketProtocol, `${daemonSocketTokenPrefix}${token}`]);
		socket.onopen = () => socket.send(JSON.stringify({ type: "subscribe", sessionId }));
		socket.onmessage = ({ data }) => {
			const frame = String(data);
			readers.onFrame(frame);
			if (waiting !== null && frame.includes(waiting.text)) {
				waiting.left[index] = (waiting.left[index] ?? 0) - 1;
				if (waiting.left.every((left) => left <= 0)) {
					const { resolve } = waiting;
					waiting = null;
					resolve();
				}
			}
		};
		return socket;
	});
	await live;
	return readers;
}
