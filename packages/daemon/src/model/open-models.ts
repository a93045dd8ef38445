import type { DaemonModels, ModelProbe } from "@opta/contracts/schema/daemon-status";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Egress } from "../egress/egress.ts";
import type { LmxAddress } from "../egress/guard-address.ts";
import { createAnthropicSource, isAnthropicModel } from "./anthropic-source.ts";
import { askPatiently } from "./ask-patiently.ts";
import { createLmxSource } from "./lmx-source.ts";
import { measureModel } from "./measure-model.ts";
import { failure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure, ModelResult, ModelSource, OfferedModel } from "./model-source.ts";
import type { ChosenModel, Models } from "./models.ts";
import { openProbeStore } from "./probe-store.ts";

/** What models are found with. */
export interface ModelParts {
	readonly egress: Egress;
	readonly config: () => Pick<OptaConfig, "model" | "localOnly" | "anthropic">;
	/** Where LMX is, as configured or found; null where nothing was found. */
	readonly lmxAddress: () => LmxAddress | null;
	/** The host's key, where it asks for one. */
	readonly adminKey: () => Promise<string | null>;
	readonly anthropicKey: () => Promise<string | null>;
	/** Folder in which measurements are kept. */
	readonly folder: string;
	/** Hears of measurements that could not be read or kept. */
	readonly onProblem: (message: string) => void;
	readonly now?: () => Date;
}

/** A model that did not call its tool is asked again after a day: it may have been bad luck. */
const doubtfulMs = 86_400_000;

const anthropicProbe = { contextTokens: 200_000, tools: "native", promptTokensPerSecond: null, tokensPerSecond: null } as const;

/** The model that LMX would take for `auto`: the largest that is loaded; null where it has to load one first. */
function bestLoaded(models: readonly OfferedModel[]): string | null {
	const ready = models.filter(({ state, fileBytes }) => state === "ready" && fileBytes !== null);
	const best = ready.toSorted((a, b) => (b.fileBytes ?? 0) - (a.fileBytes ?? 0))[0] ?? models.find(({ state }) => state === "ready");
	return best?.id ?? null;
}

/** Opens the models of this configuration. Nothing is asked before somebody chooses one. */
export function openModels(parts: ModelParts): Models {
	const { egress, config, lmxAddress } = parts;
	const now = parts.now ?? (() => new Date());
	const lmx = createLmxSource({ way: egress.way("model"), address: lmxAddress, key: parts.adminKey });
	const anthropic = createAnthropicSource({ way: egress.way("anthropic"), config: () => config().anthropic, key: parts.anthropicKey });
	const store = openProbeStore(parts.folder, parts.onProblem);
	const measuring = new Map<string, Promise<ModelResult<{ id: string; probe: ModelProbe }>>>();
	const totals = { promptTokens: 0, cachedTokens: 0 };

	async function measure(
		id: string,
		context: number | null,
		signal: AbortSignal,
		report: (event: ModelEvent) => void,
	): Promise<ModelResult<{ id: string; probe: ModelProbe }>> {
		const source = { ask: (...[request]: Parameters<ModelSource["ask"]>) => askPatiently(() => lmx.ask(request, signal), signal) };
		const measured = await measureModel(source, id, signal, report);
		if (!measured.ok) {
			return measured;
		}
		const { model, tools, speed } = measured.value;
		const probe: ModelProbe = { contextTokens: context, tools, ...speed, measuredAt: now().toISOString() };
		await store.keep(lmx.address() ?? "", model, probe);
		return { ok: true, value: { id: model, probe } };
	}

	async function probeOf(
		id: string,
		context: number | null,
		signal: AbortSignal,
		report: (event: ModelEvent) => void,
	): ReturnType<typeof measure> {
		const known = await store.find(lmx.address() ?? "", id);
		const isDoubtful = known?.tools === "none" && now().getTime() - Date.parse(known.measuredAt) > doubtfulMs;
		if (known !== null && !isDoubtful) {
			return { ok: true, value: { id, probe: { ...known, contextTokens: context ?? known.contextTokens } } };
		}
		const running = measuring.get(id);
		const shared = running === undefined ? null : await running;
		if (shared?.ok === true) {
			return shared;
		}
		const own = measure(id, context, signal, report).finally(() => measuring.delete(id));
		measuring.set(id, own);
		return own;
	}

	function chosen(source: ModelSource, id: string, probe: ModelProbe): ChosenModel {
		const ask: ChosenModel["ask"] = (request, signal) => askPatiently(() => source.ask({ ...request, model: id }, signal), signal);
		return { id, provider: source.provider, probe, ask };
	}

	/** Null where Anthropic may be asked, else why not. */
	async function anthropicProblem(): Promise<ModelFailure | null> {
		const { anthropic: settings, localOnly } = config();
		if (!settings.enabled) {
			return failure("forbidden", 'Anthropic\'s models are switched off. Switch them on with "opta config set anthropic.enabled true".');
		}
		if (localOnly) {
			return failure("forbidden", '"Local only" is on, so Anthropic is not asked. Switch it off with "opta config set localOnly false".');
		}
		return (await parts.anthropicKey()) === null
			? failure("unauthenticated", "There is no key for Anthropic. Set ANTHROPIC_API_KEY, or add one to your vault.")
			: null;
	}

	async function chooseAnthropic(id: string): Promise<ModelResult<ChosenModel>> {
		const problem = await anthropicProblem();
		return problem === null
			? { ok: true, value: chosen(anthropic, id, { ...anthropicProbe, measuredAt: now().toISOString() }) }
			: { ok: false, failure: problem };
	}

	async function chooseLmx(name: string, models: readonly OfferedModel[], ...rest: [AbortSignal, (event: ModelEvent) => void]) {
		const wanted = name === "auto" ? (bestLoaded(models) ?? "auto") : name;
		const context = (id: string, list: readonly OfferedModel[]): number | null =>
			list.find((each) => each.id === id)?.contextTokens ?? null;
		const measured = await probeOf(wanted, context(wanted, models), ...rest);
		if (!measured.ok) {
			return measured;
		}
		const { id, probe } = measured.value;
		if (probe.contextTokens !== null && id === wanted) {
			return { ok: true, value: chosen(lmx, id, probe) } as const;
		}
		// Loaded only now: its window is known only now.
		const again = await lmx.models(rest[0]);
		const contextTokens = again.ok ? context(id, again.value) : probe.contextTokens;
		return { ok: true, value: chosen(lmx, id, { ...probe, contextTokens }) } as const;
	}

	return {
		async choose(asked, signal, report) {
			const name = asked === "auto" ? config().model : asked;
			if (isAnthropicModel(name)) {
				return chooseAnthropic(name);
			}
			const models = await lmx.models(signal);
			if (models.ok) {
				return chooseLmx(name, models.value, signal, report);
			}
			const mayFallBack = models.failure.unreachable && config().anthropic.enabled && (await anthropicProblem()) === null;
			return mayFallBack ? chooseAnthropic(config().anthropic.model) : models;
		},
		async list(signal): Promise<DaemonModels> {
			const own = await lmx.models(signal);
			const address = lmx.address() ?? "";
			const models: DaemonModels["models"] = [];
			for (const { id, state, vision, contextTokens } of own.ok ? own.value : []) {
				const probe = await store.find(address, id);
				models.push({
					id,
					provider: "lmx",
					state,
					vision,
					probe: probe === null ? null : { ...probe, contextTokens: contextTokens ?? probe.contextTokens },
				});
			}
			if ((await anthropicProblem()) === null) {
				models.push({ id: config().anthropic.model, provider: "anthropic", state: null, vision: true, probe: null });
			}
			return { models, default: config().model, problem: own.ok ? null : own.failure.message };
		},
		async status(signal) {
			const own = await lmx.models(signal);
			return {
				provider: "lmx",
				address: lmx.address(),
				reachable: own.ok,
				problem: own.ok ? null : own.failure.message,
				localOnly: config().localOnly,
				cacheHitRate: totals.promptTokens === 0 ? null : totals.cachedTokens / totals.promptTokens,
			};
		},
		count({ promptTokens, cachedTokens }) {
			totals.promptTokens += promptTokens;
			totals.cachedTokens += cachedTokens;
		},
		async close() {
			await Promise.all([lmx.close(), anthropic.close()]);
		},
	};
}
