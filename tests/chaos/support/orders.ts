import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exit, RunningPart } from '@storepulse/local';
import { until } from '../../support/until.ts';
import { ORDER_FILE, ORDER_SIGNAL, type Order } from '../crash-points.ts';
import type { Lane } from './lane.ts';

/** A processor that can be told where to end or to stop. */
export interface OrderedProcessor extends RunningPart {
  /** Gives an order to the running process. */
  order(order: Order): void;
  /** Returns once the order was carried out. Feed it meanwhile, else it comes nowhere. */
  untilObeyed(): Promise<void>;
}

const PROGRAM = 'tests/chaos/crashing-processor.ts';

/** Starts one on a lane. @param folder for the file that orders go through @param name that file's */
export async function startOrdered(lane: Lane, folder: string, name: string): Promise<OrderedProcessor> {
  const file = join(folder, `${lane.pipeline.name}-${name}.order.json`);
  const part = await lane.startProcessor(PROGRAM, { [ORDER_FILE]: file });
  return {
    ...part,
    order: (order) => {
      writeFileSync(file, JSON.stringify(order));
      process.kill(part.service.pid!, ORDER_SIGNAL);
    },
    untilObeyed: async () => {
      await until(
        'the order is carried out',
        () => existsSync(file),
        (waits) => !waits,
        60_000,
      );
    },
  };
}

/** Calls back when a process ends by itself; the listeners of a service stay, so each part needs this but once. */
export function watchExits({ service }: RunningPart): () => Promise<Exit> {
  const exits: Exit[] = [];
  service.onUnexpectedExit((exit) => exits.push(exit));
  return async () => {
    await until(
      'the process ends',
      () => exits.length,
      (n) => n > 0,
      60_000,
    );
    return exits.shift()!;
  };
}
