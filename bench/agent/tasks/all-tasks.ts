import type { AgentTask } from "../agent-task.ts";
import { findingTasks } from "./finding-tasks.ts";
import { movingTasks } from "./moving-tasks.ts";
import { repairTasks } from "./repair-tasks.ts";
import { writingTasks } from "./writing-tasks.ts";

/** The tasks of the bench, in the order in which they are run. */
export const allTasks: readonly AgentTask[] = [...findingTasks, ...repairTasks, ...writingTasks, ...movingTasks];
