import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/** Numbers the messages of one direction: 96 bits, of which the last 48 count (NIST SP 800-38D §8.2.1). */
function createNonces(): () => Buffer {
	const nonce = Buffer.alloc(nonceBytes);
	let count = 0;
	return () => {
		nonce.writeUIntBE(count, nonceBytes - 6, 6);
		count += 1;
		return nonce;
	};
}

/** Makes what encrypts the messages of one direction, in their order. The key must be used for nothing else. */
export function createSealer(key: KeyObject): (plain: Buffer) => Buffer {
	const nextNonce = createNonces();
	return (plain) => {
		const cipher = createCipheriv(algorithm, key, nextNonce());
		const sealed = [cipher.update(plain), cipher.final()];
		return Buffer.concat([...sealed, cipher.getAuthTag()], plain.length + tagBytes);
	};
}

/** Makes what decrypts them: null for a message that was changed, left out, repeated or reordered. */
export function createOpener(key: KeyObject): (sealed: Buffer) => Buffer | null {
	const nextNonce = createNonces();
	return (sealed) => {
		if (sealed.length < tagBytes) {
			return null;
		}
		const end = sealed.length - tagBytes;
		const decipher = createDecipheriv(algorithm, key, nextNonce(), { authTagLength: tagBytes });
		decipher.setAuthTag(sealed.subarray(end));
		const plain = decipher.update(sealed.subarray(0, end));
		try {
			decipher.final();
		} catch {
			return null;
		}
		return plain;
	};
}
