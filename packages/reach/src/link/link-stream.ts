import { Duplex } from "node:stream";
import { mostPayloadBytes } from "./link-limits.ts";
import { createReceiveWindow, createSendWindow } from "./stream-window.ts";

/** What a stream asks of its link. */
export interface StreamPort {
	/** There is something to send. */
	readonly wantsTurn: (stream: LinkStream) => void;
	readonly sendCredit: (bytes: number) => void;
	/** The stream's own half is over. */
	readonly sendEnd: () => void;
	/** It is over at this end. `isCut`: the other end does not know yet. */
	readonly left: (stream: LinkStream, isCut: boolean) => void;
}

/**
 * One byte stream of a link, half-open like a TCP connection. What the other end sent and nobody read waits here, at
 * most `streamWindowBytes` and one frame; credit goes back as it is read.
 */
export class LinkStream extends Duplex {
	readonly #port: StreamPort;
	readonly #sendWindow = createSendWindow();
	readonly #receiveWindow = createReceiveWindow();
	readonly #unread: Buffer[] = [];
	#isWanted = false;
	#hasReceivedEnd = false;
	#hasSentEnd = false;
	#wasReset = false;
	#unsent: Buffer | null = null;
	#onSent: (() => void) | null = null;

	constructor(port: StreamPort) {
		super({ allowHalfOpen: true, readableHighWaterMark: mostPayloadBytes, writableHighWaterMark: mostPayloadBytes });
		this.#port = port;
		// A link may end between two steps of who uses the stream; that must not end the process. Who listens is told as well.
		this.on("error", () => undefined);
	}

	/** Sends what fits into one frame and the window, if anything. */
	takeTurn(send: (payload: Buffer) => void): void {
		const unsent = this.#unsent;
		const bytes = unsent === null ? 0 : this.#sendWindow.take(unsent.length);
		if (unsent === null || bytes === 0) {
			return;
		}
		send(unsent.subarray(0, bytes));
		if (bytes < unsent.length) {
			this.#unsent = unsent.subarray(bytes);
			return;
		}
		const onSent = this.#onSent;
		this.#unsent = null;
		this.#onSent = null;
		onSent?.();
	}

	/** True when a turn would bring a frame. */
	canSend(): boolean {
		return this.#unsent !== null && this.#sendWindow.isOpen();
	}

	/** Data came; false when it may not. */
	receiveData(payload: Buffer): boolean {
		if (this.#hasReceivedEnd || !this.#receiveWindow.receive(payload.length)) {
			return false;
		}
		this.#unread.push(payload);
		this.#deliver();
		return true;
	}

	/** The other end's half is over; false when it was before. */
	receiveEnd(): boolean {
		if (this.#hasReceivedEnd) {
			return false;
		}
		this.#hasReceivedEnd = true;
		this.#deliver();
		return true;
	}

	/** Credit came; false for more than was sent. */
	receiveCredit(bytes: number): boolean {
		if (!this.#sendWindow.grant(bytes)) {
			return false;
		}
		if (this.canSend()) {
			this.#port.wantsTurn(this);
		}
		return true;
	}

	/**
	 * The other end has destroyed the stream. If it had ended its half before, it only reads no more: what it said is
	 * still read here (an answer before a refusal's end), what is written is dropped.
	 */
	receiveReset(error: Error): void {
		this.#wasReset = true;
		if (!this.#hasReceivedEnd || this.readableEnded) {
			this.destroy(error);
			return;
		}
		this.once("end", () => this.destroy());
		const onSent = this.#onSent;
		this.#unsent = null;
		this.#onSent = null;
		onSent?.();
	}

	/** The link is over. */
	cut(error: Error): void {
		this.#wasReset = true;
		this.destroy(error);
	}

	override _read(): void {
		this.#isWanted = true;
		this.#deliver();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
		this.#send(chunk, callback);
	}

	override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
		this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
	}

	override _final(callback: () => void): void {
		this.#hasSentEnd = true;
		if (!this.#wasReset) {
			this.#port.sendEnd();
		}
		callback();
	}

	override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
		this.#unread.length = 0;
		this.#unsent = null;
		this.#onSent = null;
		this.#port.left(this, !this.#wasReset && !(this.#hasSentEnd && this.#hasReceivedEnd));
		callback(error);
	}

	#send(bytes: Buffer, callback: () => void): void {
		if (bytes.length === 0 || this.#wasReset) {
			callback();
			return;
		}
		this.#unsent = bytes;
		this.#onSent = callback;
		if (this.canSend()) {
			this.#port.wantsTurn(this);
		}
	}

	#deliver(): void {
		while (this.#isWanted && this.#unread.length > 0) {
			const payload = this.#unread.shift();
			if (payload === undefined) {
				return;
			}
			this.#isWanted = this.push(payload);
			const credit = this.#hasReceivedEnd ? 0 : this.#receiveWindow.consume(payload.length);
			if (credit > 0) {
				this.#port.sendCredit(credit);
			}
		}
		if (this.#isWanted && this.#hasReceivedEnd && this.#unread.length === 0) {
			this.#isWanted = false;
			this.push(null);
		}
	}
}
