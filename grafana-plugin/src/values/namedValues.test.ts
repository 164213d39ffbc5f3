import { namedValues } from './namedValues';

test('a menu shows what values are called beside them, each value once', () => {
  const lists: Array<{ values: string[]; names: Record<string, string> }> = [
    { values: ['KIT-0001', 'KIT-0002'], names: { 'KIT-0001': 'Steel kettle' } },
    { values: ['KIT-0002', 'GIFT'], names: { 'KIT-0002': 'Pot' } },
  ];
  expect(namedValues(lists)).toEqual([
    { text: 'KIT-0001 Steel kettle', value: 'KIT-0001' },
    { text: 'KIT-0002 Pot', value: 'KIT-0002' },
    { text: 'GIFT', value: 'GIFT' },
  ]);
});
