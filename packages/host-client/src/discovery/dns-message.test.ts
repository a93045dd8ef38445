import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeRecords, encodeQuestion, recordType } from "./dns-message.ts";

const label = (text: string): number[] => [text.length, ...Buffer.from(text)];

/** An answer as responders send it: the instance's name once, then by reference. */
function answerPacket(): Buffer {
	const header = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 3];
	const serviceAt = header.length;
	const service = [...label("_opta-lmx"), ...label("_tcp"), ...label("local"), 0];
	const instance = [...label("Mono512"), 0xc0, serviceAt];
	const ptr = [...service, 0, recordType.ptr, 0, 1, 0, 0, 0, 120, 0, instance.length];
	const instanceAt = header.length + ptr.length;
	const host = [...label("mono512"), ...label("local"), 0];
	const srvData = [0, 0, 0, 0, 0x04, 0xd2, ...host];
	const srv = [0xc0, instanceAt, 0, recordType.srv, 0x80, 1, 0, 0, 0, 120, 0, srvData.length, ...srvData];
	const text = label("auth=none");
	const txt = [0xc0, instanceAt, 0, recordType.txt, 0x80, 1, 0, 0, 0, 120, 0, text.length, ...text];
	const a = [...host, 0, recordType.a, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 7];
	return Buffer.from([...header, ...ptr, ...instance, ...srv, ...txt, ...a]);
}

it("reads a service with its names by reference", () => {
	expect(decodeRecords(answerPacket())).toEqual([
		{ type: "ptr", name: "_opta-lmx._tcp.local", target: "Mono512._opta-lmx._tcp.local" },
		{ type: "srv", name: "Mono512._opta-lmx._tcp.local", target: "mono512.local", port: 1234 },
		{ type: "txt", name: "Mono512._opta-lmx._tcp.local", values: { auth: "none" } },
		{ type: "a", name: "mono512.local", address: "192.0.2.7" },
	]);
});

it("asks for a name so that the answer comes to the asker", () => {
	expect(encodeQuestion(7, "_opta-lmx._tcp.local", recordType.ptr).toString("hex")).toBe(
		"000700000001000000000000" + "095f6f7074612d6c6d78" + "045f746370" + "056c6f63616c" + "00" + "000c" + "8001",
	);
});

it("takes questions for no answers", () => {
	expect(decodeRecords(encodeQuestion(7, "_opta-lmx._tcp.local", recordType.ptr))).toEqual([]);
});

it("survives any packet of a stranger", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
			decodeRecords(Buffer.from(bytes));
		}),
	);
	fc.assert(
		fc.property(fc.nat(answerPacket().length - 1), fc.nat(255), (at, value) => {
			const packet = answerPacket();
			packet[at] = value;
			decodeRecords(packet);
		}),
	);
});
