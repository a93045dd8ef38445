import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSocketProtocols } from "./socket-protocols.ts";

describe("readSocketProtocols", () => {
	it("takes the tickets out of the protocols that are offered", () => {
		expect(readSocketProtocols(["opta.daemon.v3, opta.ticket.a.b.c, opta.device-ticket.d.e.f"])).toEqual({
			ticket: "a.b.c",
			deviceTicket: "d.e.f",
			names: ["opta.daemon.v3"],
		});
		expect(readSocketProtocols(["opta.ticket.a.b.c"])).toEqual({ ticket: "a.b.c", deviceTicket: null, names: [] });
	});

	const worthless: [string, readonly string[] | undefined][] = [
		["no header", undefined],
		["an empty header", [""]],
		["no ticket", ["opta.daemon.v3"]],
		["an empty ticket", ["opta.ticket."]],
		["half a ticket", ["opta.ticket.a.b"]],
		["more than a ticket", ["opta.ticket.a.b.c.d"]],
		["an endless ticket", [`opta.ticket.a.b.${"c".repeat(5000)}`]],
		["two tickets", ["opta.ticket.a.b.c, opta.ticket.d.e.f"]],
		["the same ticket twice", ["opta.ticket.a.b.c, opta.ticket.a.b.c"]],
		["two lines", ["opta.ticket.a.b.c", "opta.daemon.v3"]],
		["two tickets for devices", ["opta.ticket.a.b.c, opta.device-ticket.d.e.f, opta.device-ticket.g.h.i"]],
		["half a ticket for a device", ["opta.ticket.a.b.c, opta.device-ticket.x"]],
		["more protocols than anybody needs", ["opta.ticket.a.b.c, a, b, c, d, e"]],
		["an empty name", ["opta.ticket.a.b.c,,x"]],
		["what is no name", ['opta.ticket.a.b.c, "x"']],
		["two words", ["opta.ticket.a.b.c, x y"]],
	];
	it.each(worthless)("takes nothing out of %s", (_name, lines) => {
		expect(readSocketProtocols(lines)).toBeNull();
	});

	it("finds again what was offered, in any order, and never takes a ticket for a name", () => {
		const part = fc.stringMatching(/^[\w-]{1,12}$/);
		const ticket = fc.tuple(part, part, part).map((parts) => parts.join("."));
		const names = fc.uniqueArray(fc.stringMatching(/^[a-z][\w.-]{0,12}$/), { maxLength: 4 });
		fc.assert(
			fc.property(ticket, fc.option(ticket), names, fc.infiniteStream(fc.nat()), (host, device, others, order) => {
				const offered = [...others, `opta.ticket.${host}`, ...(device === null ? [] : [`opta.device-ticket.${device}`])];
				const keyed = offered.map((name) => ({ name, at: order.next().value ?? 0 })).sort((a, b) => a.at - b.at);
				const read = readSocketProtocols([keyed.map(({ name }) => name).join(", ")]);
				expect(read && { ...read, names: [...read.names].sort() }).toEqual({
					ticket: host,
					deviceTicket: device,
					names: [...others].sort(),
				});
			}),
		);
	});
});
