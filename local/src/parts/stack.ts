import { PORTS } from '@storepulse/contracts/settings';

/** A part of ours that runs as a process with an HTTP server. */
export interface Part {
  /** The name in messages, logs and `STOREPULSE` commands; also the prefix of `<NAME>_PORT` and `<NAME>_HOST`. */
  name: PartName;
  /** What it does, for the start screen. */
  title: string;
  /** Its program, from the root of the checkout. */
  main: string;
  /** @default from the contracts */
  port: number;
  /** What it needs while it runs; it is stopped before them. */
  needs: readonly (PartName | 'kafka' | 'mongodb')[];
}

/** The parts of the stack beside Kafka and MongoDB. */
export type PartName = 'processor' | 'exporter' | 'simulator' | 'preview';

/** The stack in the order in which it starts; Kafka and MongoDB come before all of it. */
export const STACK: readonly Part[] = [
  {
    name: 'processor',
    title: 'events to metrics',
    main: 'processor/src/main.ts',
    port: PORTS.processor,
    needs: ['kafka', 'mongodb'],
  },
  {
    name: 'exporter',
    title: 'query API and Prometheus metrics',
    main: 'exporter/src/main.ts',
    port: PORTS.exporter,
    needs: ['mongodb'],
  },
  {
    name: 'simulator',
    title: 'synthetic shop, rate control',
    main: 'simulator/src/main.ts',
    port: PORTS.simulator,
    needs: ['kafka'],
  },
  {
    name: 'preview',
    title: 'dashboards in the browser',
    main: 'grafana-plugin/preview/src/main.ts',
    port: PORTS.preview,
    needs: ['exporter'],
  },
];

/** The part of that name. */
export function partNamed(name: PartName): Part {
  return STACK.find((part) => part.name === name)!;
}
