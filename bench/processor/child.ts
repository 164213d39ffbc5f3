/** What a measured process answers. */
export interface Measurement {
  /** User and system time since its work began, modules loaded. */
  readonly cpuSeconds: number;
  /** Its greatest resident set so far. */
  readonly maxRssMb: number;
  /** Events it has handled, as far as it knows itself. */
  readonly events: number;
}

/** What the process that measures may say to a measured one. */
export type Request = 'measure' | 'stop';

/** The measured side: does its work, answers `measure` with a Measurement, and ends when told to. */
export async function serveMeasurement(work: {
  start(): Promise<{ stop(): Promise<void> }>;
  done(): number;
}): Promise<void> {
  const began = process.cpuUsage();
  const running = work.start();
  process.on('disconnect', () => process.exit(1));
  process.on('message', async (request: Request) => {
    if (request === 'measure') {
      const { user, system } = process.cpuUsage(began);
      const measurement: Measurement = {
        cpuSeconds: (user + system) / 1e6,
        maxRssMb: process.resourceUsage().maxRSS / 1_024,
        events: work.done(),
      };
      process.send!(measurement);
      return;
    }
    await (await running).stop();
    process.exit(0);
  });
  await running;
}
