/**
 * The images that a Dockerfile builds upon and that it does not make itself, each once.
 * An `ARG` before the first `FROM` gives its default.
 */
export function baseImagesOf(dockerfile: string): string[] {
  const values = new Map(
    [...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!] as const),
  );
  const stages = new Set<string>();
  const bases = new Set<string>();
  for (const [, written, stage] of dockerfile.matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)) {
    const image = written!.replace(/\$\{(\w+)\}/g, (text, name) => values.get(name) ?? text);
    if (!stages.has(image)) bases.add(image);
    if (stage !== undefined) stages.add(stage);
  }
  return [...bases];
}
