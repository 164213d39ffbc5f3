import { openTailSource } from '@storepulse/archiver/tail/source';
import { createTail } from '@storepulse/archiver/tail/tail';
import type { Catalog } from '@storepulse/contracts';
import { LAKE_TYPES, lakeCollections } from '@storepulse/lake';
import { openScratch } from '@storepulse/lake/scratch';
import type { Logger } from 'pino';
import type { ExporterSettings } from '../settings.ts';
import { type Depth, openDepth } from './depth.ts';
import { openLakeSource } from './lake-source.ts';

const MB = 1_048_576;

/**
 * Opens the rows of the lake that an archiver fills and, where settings allow it, of the log beyond it.
 * @throws {LakeError} `LAKE_LOCATION`
 */
export async function openRows(settings: ExporterSettings, catalog: Catalog, log: Logger): Promise<Depth> {
  const { depthFolder: scratch, depthMb, tailMb } = settings;
  const lake = await openLakeSource(settings, settings, scratch);
  const { db } = lake;
  const tail =
    tailMb === 0
      ? undefined
      : createTail({
          open: (onCrash) =>
            openTailSource({ events: catalog.events, kafka: settings, db, logger: log, onCrash }),
          collections: lakeCollections(db),
          lakeTypes: LAKE_TYPES,
          folder: await openScratch('tail', scratch),
          maxBytes: tailMb * MB,
          onFailure: (error) =>
            log.warn({ err: error }, 'Kafka can not be read beyond the lake; it is tried again'),
        });
  return openDepth({
    ...{ catalog, lake, tail, scratch, memoryMb: depthMb },
    onFailure: (error) => log.error({ err: error }, 'reading the lake failed; it is tried again'),
  });
}
