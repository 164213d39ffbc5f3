// A reporter for `node --test` that writes how many tests ended how, as one line of JSON: the runner's own summary.

/** @param {AsyncIterable<{ type: string, data: { file?: string, counts?: Record<string, number> } }>} events */
export default async function* countsReporter(events) {
  for await (const { type, data } of events) {
    // Each file has a summary too; the one of the whole run names no file.
    if (type !== 'test:summary' || data.file !== undefined) continue;
    const { passed, failed, cancelled, skipped, todo } = data.counts;
    yield `${JSON.stringify({ passed, failed: failed + cancelled, skipped: skipped + todo })}\n`;
  }
}
