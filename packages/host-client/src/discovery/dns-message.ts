/** Types of records that service discovery uses (RFC 1035, RFC 2782, RFC 3596). */
export const recordType = { a: 1, ptr: 12, txt: 16, aaaa: 28, srv: 33 } as const;

/** What a record says, as far as services are described by it. */
export type DnsRecord =
	| { readonly type: "a" | "aaaa"; readonly name: string; readonly address: string }
	| { readonly type: "ptr"; readonly name: string; readonly target: string }
	| { readonly type: "srv"; readonly name: string; readonly target: string; readonly port: number }
	| { readonly type: "txt"; readonly name: string; readonly values: Readonly<Record<string, string>> };

const headerBytes = 12;
/** Asks for the answer to be sent to us alone (RFC 6762 §5.4). */
const unicastClass = 0x8001;
/** Names refer to earlier ones; more steps than this are a loop. */
const maxJumps = 32;

/** A question for one name and type (RFC 1035 §4.1). */
export function encodeQuestion(id: number, name: string, type: number): Buffer {
	const labels = name.split(".").map((label) => {
		const bytes = Buffer.from(label);
		return Buffer.concat([Buffer.from([bytes.length]), bytes]);
	});
	const header = Buffer.alloc(headerBytes);
	header.writeUInt16BE(id, 0);
	header.writeUInt16BE(1, 4);
	const tail = Buffer.alloc(5);
	tail.writeUInt16BE(type, 1);
	tail.writeUInt16BE(unicastClass, 3);
	return Buffer.concat([header, ...labels, tail]);
}

/** Reads a name; null when it leaves the packet or runs in circles. `next` is behind it. */
function readName(packet: Buffer, start: number): { readonly name: string; readonly next: number } | null {
	const labels: string[] = [];
	let at = start;
	let next = -1;
	for (let jumps = 0; jumps < maxJumps; ) {
		const length = packet[at];
		if (length === undefined) {
			return null;
		}
		if (length === 0) {
			return { name: labels.join("."), next: next === -1 ? at + 1 : next };
		}
		if (length >= 0xc0) {
			const low = packet[at + 1];
			if (low === undefined) {
				return null;
			}
			next = next === -1 ? at + 2 : next;
			at = ((length & 0x3f) << 8) | low;
			jumps++;
			continue;
		}
		if (length > 63 || at + 1 + length > packet.length) {
			return null;
		}
		labels.push(packet.toString("utf8", at + 1, at + 1 + length));
		at += 1 + length;
	}
	return null;
}

function readText(data: Buffer): Record<string, string> {
	const values: Record<string, string> = {};
	for (let at = 0; at < data.length; ) {
		const length = data[at] ?? 0;
		const text = data.toString("utf8", at + 1, at + 1 + length);
		const equals = text.indexOf("=");
		if (equals > 0) {
			values[text.slice(0, equals)] = text.slice(equals + 1);
		}
		at += 1 + length;
	}
	return values;
}

function formatIpv6(data: Buffer): string {
	const groups = Array.from({ length: 8 }, (_, index) => data.readUInt16BE(index * 2).toString(16));
	return groups.join(":");
}

function readRecord(packet: Buffer, name: string, type: number, start: number, length: number): DnsRecord | null {
	const data = packet.subarray(start, start + length);
	switch (type) {
		case recordType.a:
			return length === 4 ? { type: "a", name, address: [...data].join(".") } : null;
		case recordType.aaaa:
			return length === 16 ? { type: "aaaa", name, address: formatIpv6(data) } : null;
		case recordType.ptr: {
			const target = readName(packet, start);
			return target === null ? null : { type: "ptr", name, target: target.name };
		}
		case recordType.srv: {
			const target = length > 6 ? readName(packet, start + 6) : null;
			return target === null ? null : { type: "srv", name, target: target.name, port: data.readUInt16BE(4) };
		}
		case recordType.txt:
			return { type: "txt", name, values: readText(data) };
		default:
			return null;
	}
}

/** The records of an answer that are of use; as many as could be read of a damaged one. A question gives none. */
export function decodeRecords(packet: Buffer): DnsRecord[] {
	const records: DnsRecord[] = [];
	if (packet.length < headerBytes || (packet.readUInt16BE(2) & 0x8000) === 0) {
		return records;
	}
	const questions = packet.readUInt16BE(4);
	const answers = packet.readUInt16BE(6) + packet.readUInt16BE(8) + packet.readUInt16BE(10);
	let at = headerBytes;
	for (let index = 0; index < questions + answers; index++) {
		const read = readName(packet, at);
		const fixed = index < questions ? 4 : 10;
		if (read === null || read.next + fixed > packet.length) {
			return records;
		}
		at = read.next + fixed;
		if (index >= questions) {
			const length = packet.readUInt16BE(at - 2);
			if (at + length > packet.length) {
				return records;
			}
			const record = readRecord(packet, read.name, packet.readUInt16BE(read.next), at, length);
			if (record !== null) {
				records.push(record);
			}
			at += length;
		}
	}
	return records;
}
