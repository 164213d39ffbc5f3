import { test } from 'node:test';
import { replaysAgain } from './pipe/again.ts';
import { rejectsBadLines } from './pipe/bad-lines.ts';
import { replaysBothForms } from './pipe/both-forms.ts';
import { outlivesGarbage } from './pipe/garbage.ts';
import { countsPartsTogether } from './pipe/parts.ts';
import { setUp } from './pipe/stage.ts';
import { retailRows } from './support/retail/rows.ts';
import { useServers } from './support/servers.ts';

test('from a file to the figures, on real servers', async (t) => {
  await using servers = await useServers();
  const stage = await setUp(servers, 'pipe');
  const rows = retailRows(250);

  await replaysBothForms(t, stage, rows);
  await replaysAgain(t, stage, rows);
  await rejectsBadLines(t, stage);
  await countsPartsTogether(t, stage);
  await outlivesGarbage(t, stage);
});
