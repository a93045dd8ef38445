/** Loaded before a program that is not ours: when the parent is gone, even by kill -9, the program ends too. */
process.on("disconnect", () => process.exit(0));
