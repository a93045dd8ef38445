import { expect, it } from "vitest";
import { parseDoorUrl } from "./door-url.ts";

it.each([
	["https://mono512.example.com", false, "https://mono512.example.com"],
	["https://mono512.example.com/", true, "https://mono512.example.com"],
	["http://127.0.0.1:8788", true, "http://127.0.0.1:8788"],
	["http://[::1]:8788", true, "http://[::1]:8788"],
	["http://127.0.0.2:8788", true, "http://127.0.0.2:8788"],
	["http://127.255.0.9:8788", true, "http://127.255.0.9:8788"],
	["http://127.0.0.1:8788", false, null],
	["http://128.0.0.1:8788", true, null],
	["http://127.0.0.1.nip.example", true, null],
	["http://192.168.188.11:8788", true, null],
	["http://127.0.0.1.example.com", true, null],
	["http://mono512.example.com", false, null],
	["https://10.0.0.5", false, null],
	["https://169.254.169.254", false, null],
	["https://[::ffff:127.0.0.1]:8443", false, null],
	["https://2130706433", false, null],
	["https://1.1.1.1", false, "https://1.1.1.1"],
	["https://10.0.0.5", true, "https://10.0.0.5"],
	["https://user:secret@mono512.example.com", false, null],
	["https://mono512.example.com/door?x=1", false, null],
	["file:///etc/passwd", true, null],
	["javascript:alert(1)", true, null],
	["mono512", true, null],
	["", true, null],
	[null, true, null],
])("the door address %j, local platform %j, is read as %j", (text, local, expected) => {
	expect(parseDoorUrl(text, local)).toBe(expected);
});
