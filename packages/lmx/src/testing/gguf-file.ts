/** Makes the bytes of small GGUF files, for tests. */

type Value = string | number | boolean | readonly string[] | readonly number[];

function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

function u64(value: number): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64LE(BigInt(value));
	return bytes;
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value, "utf8");
	return Buffer.concat([u64(bytes.length), bytes]);
}

function float(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeFloatLE(value);
	return bytes;
}

function typed(value: Value): Buffer {
	if (typeof value === "string") {
		return Buffer.concat([u32(8), text(value)]);
	}
	if (typeof value === "boolean") {
		return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
	}
	if (typeof value === "number") {
		return Number.isInteger(value) ? Buffer.concat([u32(4), u32(value)]) : Buffer.concat([u32(6), float(value)]);
	}
	const isText = typeof value[0] === "string";
	const entries = value.map((entry) => (typeof entry === "string" ? text(entry) : u32(entry)));
	return Buffer.concat([u32(9), u32(isText ? 8 : 5), u64(value.length), ...entries]);
}

/** A tensor of F32 values; the first dimension is the one whose values stand side by side. */
export interface GgufTensorContent {
	readonly shape: readonly number[];
	readonly values: Float32Array;
}

/** What is to be in the file. */
export interface GgufContent {
	readonly metadata: Readonly<Record<string, Value>>;
	/** F32 tensors; of a number of zeros, or with their values. */
	readonly tensors: Readonly<Record<string, number | GgufTensorContent>>;
}

const alignment = 32;

function padded(bytes: number): number {
	return Math.ceil(bytes / alignment) * alignment;
}

/** A whole GGUF file of version 3. */
export function ggufBytes({ metadata, tensors }: GgufContent): Buffer {
	let offset = 0;
	const data: Buffer[] = [];
	const infos = Object.entries(tensors).map(([name, content]) => {
		const { shape, values } = typeof content === "number" ? { shape: [content], values: new Float32Array(content) } : content;
		const info = Buffer.concat([text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset)]);
		data.push(
			Buffer.from(values.buffer, values.byteOffset, values.byteLength),
			Buffer.alloc(padded(values.byteLength) - values.byteLength),
		);
		offset += padded(values.byteLength);
		return info;
	});
	const header = Buffer.concat([
		Buffer.from("GGUF"),
		u32(3),
		u64(infos.length),
		u64(Object.keys(metadata).length),
		...Object.entries(metadata).flatMap(([key, value]) => [text(key), typed(value)]),
		...infos,
	]);
	return Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length), ...data]);
}

/** A file that looks like a small model named `name`. */
export function smallModel(name: string, metadata: GgufContent["metadata"] = {}): Buffer {
	return ggufBytes({
		metadata: { "general.architecture": "llama", "general.name": name, "llama.context_length": 2048, "general.file_type": 1, ...metadata },
		tensors: { "token_embd.weight": 64, "output.weight": 64 },
	});
}
