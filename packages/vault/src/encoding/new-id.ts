import { randomBytes } from "./bytes.ts";

/** A new UUIDv7 (RFC 9562) in lower case. An id is no secret. */
export function newId(nowMs: number = Date.now()): string {
	const bytes = randomBytes(16);
	new DataView(bytes.buffer).setUint16(0, Math.floor(nowMs / 2 ** 32));
	new DataView(bytes.buffer).setUint32(2, nowMs % 2 ** 32);
	bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
	bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
	const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
