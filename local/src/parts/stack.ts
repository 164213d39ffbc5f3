import { PORTS } from '@storepulse/contracts';

/** The parts of ours that run as processes of the stack. */
export type PartName = 'processor' | 'exporter' | 'collector' | 'archiver' | 'simulator' | 'preview';

/** Everything that runs in the stack. */
export type MemberName = 'kafka' | 'mongodb' | PartName | 'prometheus' | 'alertmanager' | 'notifications';

/** A part of ours that runs as a process with an HTTP server. */
export interface Part {
  /** The name in messages and logs; in capitals the prefix of `<NAME>_PORT` and `<NAME>_HOST`. */
  name: PartName;
  /** What it does, for the start screen. */
  title: string;
  /** Its program, from the root of the checkout. */
  main: string;
  /** The port that it takes when none is set. */
  port: number;
  /** What it needs: started after these, stopped before them. */
  needs: readonly MemberName[];
  /** Where it says that it has started. @default `/-/ready` */
  startedPath?: string;
  /** What `npm start -- --with` names it by; without it, it is not started. @default it is always started */
  extra?: 'lake';
  /** True when it serves bundles that must be built first. @default false */
  isBuilt?: boolean;
}

/** The stack after Kafka and MongoDB, in the order of its start. */
export const STACK: readonly Part[] = [
  {
    name: 'processor',
    title: 'events to metrics',
    main: 'processor/src/main.ts',
    port: PORTS.processor,
    // Ready it is only when it has caught up, which others need not wait for.
    startedPath: '/-/started',
    needs: ['kafka', 'mongodb'],
  },
  {
    name: 'exporter',
    title: 'query API and Prometheus metrics',
    main: 'exporter/src/main.ts',
    port: PORTS.exporter,
    // The processor lays out the database that the exporter reads.
    needs: ['mongodb', 'processor'],
  },
  {
    name: 'collector',
    title: 'events of real shops over HTTP',
    main: 'collector/src/main.ts',
    port: PORTS.collector,
    // The processor makes the topics.
    needs: ['kafka', 'processor'],
  },
  {
    name: 'archiver',
    title: 'events to the lake',
    main: 'archiver/src/main.ts',
    port: PORTS.archiver,
    startedPath: '/-/started',
    // The processor makes the topics, and lays out the database.
    needs: ['kafka', 'mongodb', 'processor'],
    extra: 'lake',
  },
  {
    name: 'simulator',
    title: 'synthetic shop with rate control',
    main: 'simulator/src/main.ts',
    port: PORTS.simulator,
    needs: ['kafka'],
  },
  {
    name: 'preview',
    title: 'dashboards',
    main: 'grafana-plugin/preview/src/main.ts',
    port: PORTS.preview,
    needs: ['exporter'],
    isBuilt: true,
  },
];

/** The parts that can be left out: no other part needs them. */
export const OPTIONAL_PARTS: readonly PartName[] = STACK.filter(
  ({ name, extra }) => extra === undefined && !STACK.some(({ needs }) => needs.includes(name)),
).map(({ name }) => name);

/** The part of that name. */
export function partNamed(name: PartName): Part {
  return STACK.find((part) => part.name === name)!;
}
