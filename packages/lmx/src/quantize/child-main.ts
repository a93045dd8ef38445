import { blockOnStderr } from "../child-process/block-on-stderr.ts";
import { dieWithParent } from "../child-process/die-with-parent.ts";
import { bindQuantize } from "./libllama-quantize.ts";
import { measurePerplexity } from "./measure-perplexity.ts";
import type { QuantizeAnswer, QuantizeTask } from "./quantize-messages.ts";

/** The process that quantises or measures one file: the library works here for minutes without a pause, and may abort. */

function send(answer: QuantizeAnswer): void {
	process.send?.(answer);
}

function work(task: QuantizeTask): QuantizeAnswer {
	if (task.type === "measure") {
		const { file, text, threads, backend } = task;
		const perplexity = measurePerplexity(file, text, { threads, backend, onProgress: (fraction) => send({ type: "progress", fraction }) });
		return { type: "measured", perplexity };
	}
	const { source, target, fileType, threads, allowRequantize, bufferBytes } = task;
	const isDone = bindQuantize()(source, target ?? "", { fileType, threads, allowRequantize, dryRun: target === null, bufferBytes });
	return isDone ? { type: "quantized" } : { type: "failed", message: "the library refused" };
}

function answerTo(task: QuantizeTask): QuantizeAnswer {
	try {
		return work(task);
	} catch (error) {
		return { type: "failed", message: error instanceof Error ? error.message : String(error) };
	}
}

process.once("message", (task: QuantizeTask) => {
	process.send?.(answerTo(task), undefined, undefined, () => process.exit(0));
});

blockOnStderr();
dieWithParent();
