import { type TensorType, tensorType } from "./tensor-types.ts";

/** A value of the metadata. Long arrays are not kept, only their length: vocabularies have hundreds of thousands of entries. */
export type GgufValue = string | number | boolean | readonly (string | number | boolean)[] | { readonly length: number };

/** One tensor as the header names it. */
export interface GgufTensor {
	readonly name: string;
	readonly shape: readonly number[];
	readonly type: TensorType;
	readonly bytes: number;
	/** From the start of the data. */
	readonly offset: number;
}

/** What the header of a GGUF file says. */
export interface GgufHeader {
	readonly metadata: ReadonlyMap<string, GgufValue>;
	readonly tensors: readonly GgufTensor[];
	/** Where the tensors' data begins in the file. */
	readonly dataOffset: number;
	/** The file is at least this long. */
	readonly leastFileBytes: number;
}

/** The header, or that more bytes are needed, or why this is none. */
export type ParsedGguf =
	| { readonly kind: "header"; readonly header: GgufHeader }
	| { readonly kind: "incomplete" }
	| { readonly kind: "invalid"; readonly reason: string };

const keptArrayLength = 1024;
const maxNameBytes = 65_536;
const maxDimensions = 4;
const maxTensors = 1_000_000;
const maxEntries = 100_000;
const defaultAlignment = 32;
/** Depth of arrays in arrays; real files have none. */
const maxDepth = 4;

class Incomplete extends Error {}
class Invalid extends Error {}

/** Reads little-endian values one after the other; running out of bytes throws Incomplete. */
class Cursor {
	readonly #view: DataView;
	readonly #bytes: Buffer;
	at = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	#take(count: number): number {
		const from = this.at;
		if (count > this.#view.byteLength - from) {
			throw new Incomplete();
		}
		this.at += count;
		return from;
	}

	u32(): number {
		return this.#view.getUint32(this.#take(4), true);
	}

	/** A length or an offset; what no file can have is refused. */
	u64(): number {
		const value = this.#view.getBigUint64(this.#take(8), true);
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
			throw new Invalid("a length in it is too large");
		}
		return Number(value);
	}

	skip(count: number): void {
		this.#take(count);
	}

	text(limit: number): string {
		const length = this.u64();
		if (length > limit) {
			throw new Invalid("a name in it is too long");
		}
		const from = this.#take(length);
		return this.#bytes.toString("utf8", from, from + length);
	}

	/** A value of a type of fixed length; the numbers are those of `enum gguf_type` (gguf.h). */
	scalar(type: number): number | boolean {
		const view = this.#view;
		switch (type) {
			case 0:
				return view.getUint8(this.#take(1));
			case 1:
				return view.getInt8(this.#take(1));
			case 2:
				return view.getUint16(this.#take(2), true);
			case 3:
				return view.getInt16(this.#take(2), true);
			case 4:
				return view.getUint32(this.#take(4), true);
			case 5:
				return view.getInt32(this.#take(4), true);
			case 6:
				return view.getFloat32(this.#take(4), true);
			case 7:
				return view.getUint8(this.#take(1)) !== 0;
			case 10:
				return Number(view.getBigUint64(this.#take(8), true));
			case 11:
				return Number(view.getBigInt64(this.#take(8), true));
			case 12:
				return view.getFloat64(this.#take(8), true);
			default:
				throw new Invalid(`it has a value of the unknown type ${type}`);
		}
	}
}

const stringType = 8;
const arrayType = 9;
const scalarBytes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

function skipText(cursor: Cursor): void {
	cursor.skip(cursor.u64());
}

function readArray(cursor: Cursor, depth: number): GgufValue {
	const type = cursor.u32();
	const length = cursor.u64();
	if (type === arrayType) {
		if (depth >= maxDepth) {
			throw new Invalid("it has arrays within arrays");
		}
		for (let index = 0; index < length; index++) {
			readArray(cursor, depth + 1);
		}
		return { length };
	}
	if (length <= keptArrayLength) {
		return Array.from({ length }, () => (type === stringType ? cursor.text(Number.MAX_SAFE_INTEGER) : cursor.scalar(type)));
	}
	if (type === stringType) {
		for (let index = 0; index < length; index++) {
			skipText(cursor);
		}
		return { length };
	}
	const bytes = scalarBytes[type];
	if (bytes === undefined) {
		throw new Invalid(`it has a value of the unknown type ${type}`);
	}
	cursor.skip(bytes * length);
	return { length };
}

function readValue(cursor: Cursor): GgufValue {
	const type = cursor.u32();
	if (type === stringType) {
		return cursor.text(Number.MAX_SAFE_INTEGER);
	}
	return type === arrayType ? readArray(cursor, 0) : cursor.scalar(type);
}

function readTensor(cursor: Cursor): GgufTensor {
	const name = cursor.text(maxNameBytes);
	const dimensions = cursor.u32();
	if (dimensions > maxDimensions) {
		throw new Invalid(`the tensor ${name} has ${dimensions} dimensions`);
	}
	const shape = Array.from({ length: dimensions }, () => cursor.u64());
	const typeNumber = cursor.u32();
	const type = tensorType(typeNumber);
	if (type === undefined) {
		throw new Invalid(`the tensor ${name} is of the unknown type ${typeNumber}`);
	}
	const offset = cursor.u64();
	const values = shape.reduce((product, length) => product * length, 1);
	return { name, shape, type, offset, bytes: Math.ceil(values / type.block) * type.bytes };
}

function readHeader(cursor: Cursor): GgufHeader {
	const version = cursor.u32();
	if (version !== 2 && version !== 3) {
		throw new Invalid(`its GGUF version ${version} is not 2 or 3`);
	}
	const tensorCount = cursor.u64();
	const entryCount = cursor.u64();
	if (tensorCount > maxTensors || entryCount > maxEntries) {
		throw new Invalid(`it claims ${tensorCount} tensors and ${entryCount} entries`);
	}
	const metadata = new Map<string, GgufValue>();
	for (let index = 0; index < entryCount; index++) {
		const key = cursor.text(maxNameBytes);
		metadata.set(key, readValue(cursor));
	}
	const tensors: GgufTensor[] = [];
	for (let index = 0; index < tensorCount; index++) {
		tensors.push(readTensor(cursor));
	}
	const stated = metadata.get("general.alignment");
	const alignment = typeof stated === "number" && Number.isInteger(stated) && stated > 0 ? stated : defaultAlignment;
	const dataOffset = tensors.length === 0 ? cursor.at : Math.ceil(cursor.at / alignment) * alignment;
	const leastFileBytes = tensors.reduce((least, { offset, bytes }) => Math.max(least, dataOffset + offset + bytes), cursor.at);
	return { metadata, tensors, dataOffset, leastFileBytes };
}

/**
 * Reads the header of a GGUF file from its first bytes (ggml docs, gguf.md: versions 2 and 3, little-endian). It never
 * throws and never allocates more than the bytes it was given.
 */
export function parseGgufHeader(bytes: Buffer): ParsedGguf {
	if (bytes.length >= 4 && bytes.toString("latin1", 0, 4) !== "GGUF") {
		return { kind: "invalid", reason: "it does not begin with GGUF" };
	}
	const cursor = new Cursor(bytes);
	try {
		cursor.skip(4);
		return { kind: "header", header: readHeader(cursor) };
	} catch (error) {
		if (error instanceof Incomplete) {
			return { kind: "incomplete" };
		}
		if (error instanceof Invalid) {
			return { kind: "invalid", reason: error.message };
		}
		throw error;
	}
}
