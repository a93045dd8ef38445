"use client";

import { useId, useState } from "react";
import { applyTemperature } from "./apply-temperature.ts";

/** The eight likeliest tokens that SmolLM2 gives after the prompt, at temperature 1. */
const prompt = "The sky at night is full of";
const candidates: readonly (readonly [string, number])[] = [
	["stars", 0.41052],
	["twinkling", 0.08206],
	["wonders", 0.04943],
	["wonder", 0.04172],
	["glitter", 0.0371],
	["the", 0.02775],
	["colors", 0.02161],
	["endless", 0.01835],
];

const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 0 });

/** A slider for the temperature, and what it does to the chances of eight tokens. */
export function TemperatureFigure() {
	const [temperature, setTemperature] = useState(1);
	const id = useId();
	const chances = applyTemperature(
		candidates.map(([, probability]) => probability),
		temperature,
	);
	return (
		<figure className="rounded-lg border border-line bg-surface p-5">
			<p className="font-mono text-sm">
				{prompt} <span className="inline-block h-4 w-2 translate-y-0.5 bg-accent" aria-hidden="true" />
			</p>
			<div className="mt-5 flex items-center gap-4 print:hidden">
				<label htmlFor={id} className="label-mono">
					temperature
				</label>
				<input
					id={id}
					type="range"
					min="0"
					max="2"
					step="0.1"
					value={temperature}
					onChange={(event) => setTemperature(event.currentTarget.valueAsNumber)}
					className="h-8 w-0 min-w-0 flex-1 accent-accent"
				/>
				<output htmlFor={id} className="w-8 text-right font-mono text-sm tabular-nums">
					{temperature.toFixed(1)}
				</output>
			</div>
			<ul className="mt-4 space-y-1.5">
				{candidates.map(([token], index) => {
					const chance = chances[index] ?? 0;
					return (
						<li key={token} className="grid grid-cols-[6rem_1fr_3rem] items-center gap-3 font-mono text-[0.8125rem]">
							<span>{token}</span>
							<svg viewBox="0 0 100 6" preserveAspectRatio="none" className="h-2.5 w-full" aria-hidden="true">
								<rect width="100" height="6" className="fill-raised" />
								<rect width={chance * 100} height="6" className="fill-accent" />
							</svg>
							<span className="text-right text-muted tabular-nums">{percent.format(chance)}</span>
						</li>
					);
				})}
			</ul>
			<figcaption className="mt-4 text-sm text-muted">
				The eight likeliest tokens of SmolLM2 after these words, scaled to 100 %. Together they hold 69 % of the model's own weight; the
				rest is spread over 49,144 others.
			</figcaption>
		</figure>
	);
}
