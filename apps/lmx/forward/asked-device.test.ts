import { expect, it } from "vitest";
import { askedDevice } from "./asked-device.ts";

const device = "0193f3a0-0000-7000-8000-000000000001";
const named = new Headers({ "x-opta-device-id": device });

it.each([
	["lmx", "/v1/models", named, null],
	["door", "/peers", named, null],
	["peer", `/peers/${device}/v3/sessions`, new Headers(), device],
	["peer", "/peers/laptop/v3/sessions", named, undefined],
	["daemon", "/v3/sessions", named, device],
	["daemon", "/v3/sessions", new Headers(), undefined],
	["daemon", "/v3/sessions", new Headers({ "x-opta-device-id": "laptop" }), undefined],
] as const)("a request for %s at %s asks the device that is named", (target, path, headers, expected) => {
	expect(askedDevice(target, path, headers)).toBe(expected);
});
