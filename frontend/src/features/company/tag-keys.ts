/** The keys of a text with one in each line. Empty lines are none, and a key given twice is one. */
export function keysOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}
