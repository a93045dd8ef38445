import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/** A request as it was received. */
export interface ReceivedRequest {
	readonly method: string;
	readonly target: string;
	readonly headers: IncomingMessage["headers"];
	readonly rawHeaders: readonly string[];
}

/** A server that stands behind the door: it answers every request with `{"ok":true}`, and every WebSocket frame with itself. */
export interface StandInServer {
	readonly server: Server;
	/** Requests and openings of WebSockets. */
	readonly received: ReceivedRequest[];
	/** Replaces what requests are answered with. */
	readonly answerWith: (listener: RequestListener) => void;
	/** Replaces what is done with a WebSocket that was opened. */
	readonly talkWith: (talk: (socket: WebSocket) => void) => void;
	/** Where it listens on loopback; not called for one that is reached by links only. */
	readonly listen: () => Promise<string>;
	readonly close: () => Promise<void>;
}

/** Longest frame it takes, as LMX and the daemon bound theirs. */
const maxFrameBytes = 64 * 1024;

const answerOk: RequestListener = (received, response) => {
	received.resume();
	received.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true}'));
};

function echo(socket: WebSocket): void {
	socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** Makes one. */
export function createStandInServer(): StandInServer {
	const received: ReceivedRequest[] = [];
	let listener = answerOk;
	let talk = echo;
	const note = ({ method = "", url = "", headers, rawHeaders }: IncomingMessage): void => {
		received.push({ method, target: url, headers, rawHeaders });
	};
	const server = createServer((incoming, response) => {
		note(incoming);
		listener(incoming, response);
	});
	const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes });
	server.on("upgrade", (incoming, socket, head) => {
		note(incoming);
		sockets.handleUpgrade(incoming, socket, head, (opened) => {
			opened.on("error", () => opened.terminate());
			talk(opened);
		});
	});
	return {
		server,
		received,
		answerWith: (next) => {
			listener = next;
		},
		talkWith: (next) => {
			talk = next;
		},
		listen: async () => {
			server.listen(0, "127.0.0.1");
			await once(server, "listening");
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		},
		close: async () => {
			for (const socket of sockets.clients) {
				socket.terminate();
			}
			server.closeAllConnections();
			if (server.listening) {
				server.close();
				await once(server, "close");
			}
		},
	};
}
