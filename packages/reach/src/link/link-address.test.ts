import { expect, it } from "vitest";
import { linkAddress } from "./link-address.ts";

it.each([
	["https://mono.example.com", "wss://mono.example.com/link"],
	["https://mono.example.com:8443/anything?x=1", "wss://mono.example.com:8443/link"],
	["http://192.168.1.10:8789", "ws://192.168.1.10:8789/link"],
	["http://10.1.2.3:8789", "ws://10.1.2.3:8789/link"],
	["http://127.0.0.1:8788", "ws://127.0.0.1:8788/link"],
	["http://[fd00::1]:8789", "ws://[fd00::1]:8789/link"],
	["http://mono.local:8789", "ws://mono.local:8789/link"],
])("opens the link of %s at %s", (origin, address) => {
	expect(linkAddress(origin)?.href).toBe(address);
});

it.each(["http://mono.example.com", "http://8.8.8.8:8789", "http://172.32.0.1", "http://[2001:db8::1]", "ftp://127.0.0.1", "mono", ""])(
	"opens no link at %j",
	(origin) => {
		expect(linkAddress(origin)).toBeNull();
	},
);
