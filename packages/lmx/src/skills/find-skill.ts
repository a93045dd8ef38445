import type { SkillEntry } from "@opta/contracts/schema/lmx-skills";
import type { FindPreset, PresetTarget } from "../serving/find-preset.ts";
import type { SkillFolder } from "./skill-folder.ts";

const anyModel = "auto";

function targetOf({ model, systemPrompt, tools, parameters }: SkillEntry): PresetTarget {
	const withTools = tools.length === 0 ? parameters : { ...parameters, tools };
	return { model: model === anyModel ? undefined : model, defaults: { systemPrompt, parameters: withTools } };
}

/** Finds presets, skills, and presets whose model is a skill; a preset's own values stand before the skill's. */
export function presetOrSkillFinder(findPreset: FindPreset, skills: Pick<SkillFolder, "find">): FindPreset {
	const findSkill = (name: string): PresetTarget | undefined => {
		const skill = skills.find(name);
		return skill === undefined ? undefined : targetOf(skill);
	};
	return (name) => {
		const preset = findPreset(name);
		if (preset === undefined) {
			return findSkill(name);
		}
		const skill = preset.model === undefined ? undefined : findSkill(preset.model);
		if (skill === undefined) {
			return preset;
		}
		const systemPrompt = preset.defaults.systemPrompt ?? skill.defaults.systemPrompt;
		return { model: skill.model, defaults: { systemPrompt, parameters: { ...skill.defaults.parameters, ...preset.defaults.parameters } } };
	};
}
