import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { itemKinds } from "../items/item-content.ts";
import { formatCsvItems, parseCsvItems } from "./csv.ts";
import { formatPlainItems, isSealedExport, openExport, parsePlainItems, sealExport } from "./export-file.ts";
import type { PortableItem } from "./portable-item.ts";

const text = fc.string({ unit: fc.constantFrom(..."abé🔐\",\r\n;='\0 "), maxLength: 12 });
const item: fc.Arbitrary<PortableItem> = fc.record({
	kind: fc.constantFrom(...itemKinds),
	name: text,
	username: text,
	url: text,
	value: text,
	notes: text,
});
const refused = expect.objectContaining({ reason: "malformed" });

describe("plain files", () => {
	it("bring back every text, as JSON and as CSV", () => {
		fc.assert(
			fc.property(fc.array(item, { maxLength: 5 }), (items) => {
				expect(parsePlainItems(formatPlainItems(items))).toEqual(items);
				const full = items.map((one) => ({ ...one, name: `n${one.name}`, username: `u${one.username}`, kind: "login" as const }));
				expect(parseCsvItems(formatCsvItems(full))).toEqual(full);
			}),
		);
	});

	it("are taken from other password managers by the names of the columns", () => {
		const chrome = 'name,url,username,password,note\nShop,https://shop.example,ada,"p""w,1",\n';
		expect(parseCsvItems(chrome)).toEqual([
			{ kind: "login", name: "Shop", url: "https://shop.example", username: "ada", value: 'p"w,1', notes: "" },
		]);
		const bitwarden = "\ufefffolder,type,name,notes,login_uri,login_username,login_password\r\n,login,Mail,,https://m.example,a,pw\r\n";
		expect(parseCsvItems(bitwarden)).toMatchObject([{ name: "Mail", username: "a", value: "pw", url: "https://m.example" }]);
	});

	it.each(["", "a,b\n1,2", 'name,password\n"open', "name,password\n".concat("a,b\n".repeat(5001))])("are refused: %.20j", (given) => {
		expect(() => parseCsvItems(given)).toThrow(refused);
	});

	it.each(["[]", "{}", "nonsense", '{"items":[{}]}', '{"items":[null]}'])("that are no items are refused: %j", (given) => {
		expect(() => parsePlainItems(given)).toThrow(refused);
	});
});

describe("a sealed export", () => {
	const items: PortableItem[] = [{ kind: "note", name: "Name", username: "", url: "", value: "plain secret", notes: "" }];

	it("opens with its passphrase only, and shows nothing", async () => {
		const file = await sealExport(items, "a passphrase for the file");
		expect([isSealedExport(file), isSealedExport(formatPlainItems(items))]).toEqual([true, false]);
		expect(file).not.toMatch(/plain secret|Name/);
		expect(await openExport(file, "a passphrase for the file")).toEqual(items);
		await expect(openExport(file, "another passphrase")).rejects.toMatchObject({ reason: "cannot_open" });
		const weaker = JSON.parse(file);
		weaker.cost.iterations = 1;
		await expect(openExport(JSON.stringify(weaker), "a passphrase for the file")).rejects.toMatchObject({ reason: "weak_passphrase_cost" });
		const newer = JSON.stringify({ ...JSON.parse(file), version: 2 });
		await expect(openExport(newer, "a passphrase for the file")).rejects.toMatchObject({ reason: "unsupported_version" });
	});
});
