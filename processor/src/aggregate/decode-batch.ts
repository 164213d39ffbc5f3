import type { Decoder } from '../decode/decoder.ts';
import type { Batch } from '../kafka/port.ts';
import type { Shops } from '../shops.ts';
import type { DecodedRecord } from './tally.ts';

/**
 * Builds what decodes batches, as far as their shops are known: shops that are told meanwhile are read first.
 * @returns given a batch and the offset from which its records are wanted, these records with what was made of them
 * @throws (what is returned) why shops that the records need can't be read
 */
export function createBatchDecoder(
  decoder: Decoder,
  shops: Shops,
): (batch: Batch, from: number) => Promise<DecodedRecord[]> {
  return async ({ topic, partition, records }, from) => {
    const decode = () =>
      records
        .filter(({ offset }) => offset >= from)
        .map((record) => ({ record, decoded: decoder(topic, record) }));
    if (topic === 'shops') {
      // A second record of a shop is judged by what the first one has fixed.
      const unread = await shops.refresh();
      if (unread?.partitions.has(partition)) throw unread.error;
    }
    const entries = decode();
    if (!entries.some(isOfUnknownShop)) return entries;
    const unread = await shops.refresh();
    const again = decode();
    if (unread && again.some(isOfUnknownShop)) throw unread.error;
    return again;
  };
}

function isOfUnknownShop({ decoded }: DecodedRecord): boolean {
  return decoded.kind === 'unreadable' && decoded.reason === 'unknown-shop';
}
