import type { Row } from './row.ts';
import { archiver } from './rows/archiver.ts';
import { broker } from './rows/broker.ts';
import { clusterBrokers } from './rows/cluster-brokers.ts';
import { clusterStarts } from './rows/cluster-starts.ts';
import { clusterStore } from './rows/cluster-store.ts';
import { collector } from './rows/collector.ts';
import { crashPoints } from './rows/crash-points.ts';
import { disorder } from './rows/disorder.ts';
import { flood } from './rows/flood.ts';
import { kill } from './rows/kill.ts';
import { lostLog } from './rows/lost-log.ts';
import { malformed } from './rows/malformed.ts';
import { network, networkCut } from './rows/network.ts';
import { oddTimeRow } from './rows/odd-times.ts';
import { overload } from './rows/overload.ts';
import { rebalance } from './rows/rebalance.ts';
import { slowStore } from './rows/slow-store.ts';
import { store } from './rows/store.ts';
import { terminate } from './rows/terminate.ts';

/** The rows in the order of the matrix. */
export const ROWS: readonly Row[] = [
  kill,
  crashPoints,
  rebalance,
  broker,
  store,
  network,
  disorder,
  oddTimeRow,
  malformed,
  flood,
  overload,
  slowStore,
  terminate,
  clusterBrokers,
  clusterStore,
  networkCut,
  lostLog,
  collector,
  clusterStarts,
  archiver,
];
