import { waitShowing } from './progress.ts';
import { type Row, rounded } from './report.ts';
import { openStand, type Usage, usageOf } from './stand.ts';

interface Sample {
  readonly second: number;
  readonly sent: number;
  readonly queued: number;
  readonly shed: number;
  readonly simulator: Usage;
  readonly kafka: Usage;
}

/** What came of traffic at a constant rate, after a warm-up of a third of the time. */
export async function measureSustained({ rate, minutes }: { rate: number; minutes: number }): Promise<Row[]> {
  await using stand = await openStand();
  const simulator = await stand.simulator({ SIMULATOR_RATE: String(rate), SIMULATOR_BACKFILL: '0' });
  const samples: Sample[] = [];
  const began = Date.now();
  try {
    await waitShowing('traffic', Math.ceil(minutes * 60), async () => {
      const [status, ofSimulator, ofKafka] = await Promise.all([
        simulator.status(),
        usageOf(simulator.pid),
        usageOf(stand.kafkaPid),
      ]);
      const { sent, queued, shed } = status;
      const second = (Date.now() - began) / 1_000;
      samples.push({ second, sent, queued, shed, simulator: ofSimulator, kafka: ofKafka });
    });
  } finally {
    await simulator.stop();
  }
  const steady = samples.slice(Math.floor(samples.length / 3));
  const [first, last] = [steady[0]!, steady.at(-1)!];
  const events = last.sent - first.sent;
  const resident = steady.map(({ simulator: { residentMb } }) => residentMb);
  return [
    {
      'asked for, events/s': rate,
      'stored, events/s': rounded(events / (last.second - first.second)),
      'events per CPU s': rounded(events / (last.simulator.cpuSeconds - first.simulator.cpuSeconds)),
      'Kafka: events per CPU s': rounded(events / (last.kafka.cpuSeconds - first.kafka.cpuSeconds)),
      'most queued': Math.max(...steady.map(({ queued }) => queued)),
      shed: last.shed,
      'RSS MB, first': rounded(resident[0]!),
      'RSS MB, last': rounded(resident.at(-1)!),
      'RSS MB, most': rounded(Math.max(...resident)),
      'RSS slope, MB/min': rounded(slopePerMinute(steady), 1),
    },
  ];
}

/** The slope of the line of least squares through the resident memory. */
function slopePerMinute(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = samples.map(({ second }) => second / 60);
  const resident = samples.map(({ simulator }) => simulator.residentMb);
  const [middle, level] = [mean(minutes), mean(resident)];
  const along = mean(minutes.map((minute, index) => (minute - middle) * (resident[index]! - level)));
  return along / mean(minutes.map((minute) => (minute - middle) ** 2));
}
