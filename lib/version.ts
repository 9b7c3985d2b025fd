/** The version of both programs; deno.json repeats it, and a test compares them. */
export const VERSION = "0.1.0";
