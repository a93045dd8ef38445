import { logEntrySchema } from "@opta/contracts/schema/lmx-logs";
import { describe, expect, it } from "vitest";
import { createLogger } from "./create-logger.ts";
import { LogBook } from "./log-book.ts";

function start(capacity?: number) {
	const book = new LogBook(capacity, "e");
	const output: string[] = [];
	const logger = createLogger("info", book, { write: (line) => output.push(line) });
	const messages = (query: Partial<Parameters<LogBook["page"]>[0]> = {}): string[] =>
		book.page({ level: "debug", limit: 100, ...query }).entries.map(({ message }) => message);
	return { book, output, logger, messages };
}

describe("LogBook", () => {
	it("keeps what pino writes, also what is too quiet for the output", () => {
		const { book, logger, output } = start();
		logger.debug({ model: "a", native: "ggml" }, "engine");
		logger.child({ requestId: "r1" }).warn({ status: 503 }, "request");
		expect(output).toHaveLength(1);
		const { entries, lastId, hasGap } = book.page({ level: "debug", limit: 10 });
		expect({ lastId, hasGap }).toEqual({ lastId: "e:2", hasGap: false });
		expect(entries).toMatchObject([
			{ id: "e:1", level: "debug", model: "a", requestId: null, message: "engine", facts: { native: "ggml" } },
			{ id: "e:2", level: "warn", model: null, requestId: "r1", message: "request", facts: { status: 503 } },
		]);
		for (const entry of entries) {
			logEntrySchema.parse(entry);
		}
	});

	it("has no secrets, in the output or in the book", () => {
		const { book, logger, output } = start();
		logger.info({ headers: { authorization: "Bearer 0123456789abcdef" } }, "asked with Bearer 0123456789abcdef");
		expect(JSON.stringify(book.page({ level: "debug", limit: 1 })) + output[0]).not.toContain("0123456789abcdef");
	});

	it("finds entries by level, by model and by place", () => {
		const { logger, messages } = start();
		logger.info({ model: "a" }, "one");
		logger.error({ model: "b" }, "two");
		logger.error({ model: "a" }, "three");
		expect(messages({ level: "warn" })).toEqual(["two", "three"]);
		expect(messages({ model: "a" })).toEqual(["one", "three"]);
		expect(messages({ limit: 1 })).toEqual(["three"]);
		expect(messages({ after: "e:1", limit: 1 })).toEqual(["two"]);
	});

	it("can be read page by page without losing an entry, and says when some were overwritten", () => {
		const { book, logger } = start(8);
		for (let index = 1; index <= 8; index++) {
			logger.info({ model: index % 2 === 0 ? "a" : "b" }, String(index));
		}
		const seen: string[] = [];
		let after = "e:0";
		for (;;) {
			const page = book.page({ level: "debug", model: "a", after, limit: 3 });
			if (page.entries.length === 0) {
				break;
			}
			seen.push(...page.entries.map(({ message }) => message));
			after = page.lastId;
		}
		expect(seen).toEqual(["2", "4", "6", "8"]);
		logger.info("9");
		expect(book.page({ level: "debug", after: "e:0", limit: 3 })).toMatchObject({ hasGap: true });
	});

	it("stays small whatever is logged", () => {
		const { book, logger } = start();
		logger.info({ huge: "x".repeat(100_000) }, "y".repeat(100_000));
		expect(JSON.stringify(book.page({ level: "debug", limit: 1 })).length).toBeLessThan(5000);
	});
});
