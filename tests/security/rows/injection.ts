import { COLLECTIONS } from '@storepulse/contracts';
import { createMongoStore } from '@storepulse/exporter/store/mongo-store';
import { makeShop } from '@storepulse/exporter/testing/shops';
import { OWN } from '@storepulse/exporter/testing/two-shops';
import { openDatabase, prepareDatabase } from '@storepulse/processor/store/database';
import { type Document, MongoClient } from 'mongodb';
import type { Row } from '../../chaos/row.ts';
import { createAttempts } from '../../chaos/support/attempts.ts';
import { operationsOf } from '../support/openapi.ts';
import { MARK, operatorsIn, operatorsWith } from '../support/operators.ts';
import { openParts } from '../support/parts.ts';
import { placesOf } from '../support/samples.ts';

const PROFILE_BYTES = 256 * 1_024 * 1_024;

/** Operators in every text that a request to the exporter may have, held against the commands that MongoDB got. */
export const injection: Row = {
  id: 'S3',
  what: 'operators of MongoDB, code and prototypes in every text of every request, by OpenAPI, over a real MongoDB',
  figure: 'operators that reached MongoDB 0; answers 5xx 0',
  repeats: 2_500,
  small: 150,
  run: async ({ servers: startServers, name, repeats, onRepeat }) => {
    const servers = await startServers();
    const attempts = createAttempts({ onRepeat });
    await using stack = new AsyncDisposableStack();
    const client = stack.adopt(new MongoClient(servers.mongoUri), (it) => it.close());
    const database = servers.unique(name);
    const db = client.db(database);
    const prepared = stack.adopt(await openDatabase({ uri: servers.mongoUri, database }), (it) => it.close());
    await prepareDatabase(prepared);
    await db.collection<Document>(COLLECTIONS.shops).insertOne({ _id: OWN as never, ...makeShop() });
    await db.createCollection('system.profile', { capped: true, size: PROFILE_BYTES });
    await db.command({ profile: 2 });
    const store = stack.adopt(createMongoStore({ uri: servers.mongoUri, database }), (it) => it.close());
    const { apps } = stack.use(await openParts({ store }));
    const places = [...(await operationsOf(apps.exporter))!].flatMap((operation) => [...placesOf(operation)]);
    // Round by round, so that few repeats come by every place and every operator too.
    for (let n = 0; n < repeats; ) {
      const round = n / places.length;
      for (const [at, place] of places.entries()) {
        const operators = operatorsWith(n++);
        const hostile = operators[(at + round) % operators.length];
        const { statusCode, body } = await apps.exporter.inject(place.request(hostile) as object);
        const what = `${statusCode} ${place.where} ${JSON.stringify(hostile)}: ${body.slice(0, 200)}`;
        if (statusCode >= 500) attempts.fail(what);
        attempts.counted(1, statusCode < 500 ? 1 : 0);
        onRepeat(statusCode < 500 ? undefined : what);
      }
    }
    await db.command({ profile: 0 });
    let commands = 0;
    let texts = 0;
    let reached = 0;
    for await (const { command } of db.collection('system.profile').find()) {
      commands++;
      if (JSON.stringify(command).includes(MARK)) texts++;
      const found = operatorsIn(command);
      reached += found.length;
      for (const each of found.slice(0, 3)) attempts.fail(`an operator reached MongoDB at ${each}`);
    }
    // What is held against it is not nothing.
    if (texts === 0) attempts.fail('no command has a text of a request');
    if (Object.keys(Object.prototype).length > 0) attempts.fail('a prototype was changed');
    await db.dropDatabase();
    attempts.figure('places for a text', places.length);
    attempts.figure('commands of MongoDB', commands);
    attempts.figure('commands with a hostile text', texts);
    attempts.figure('operators that reached MongoDB', reached);
    return attempts.outcome();
  },
};
