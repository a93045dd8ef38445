/** How a question for a title begins; by it a scripted model tells such questions from turns. */
export const titlePromptStart = "Write a title";
