import { formattedValueToString, getValueFormat } from '@grafana/data';
import { exactUnit, isShortened } from './exactUnit';

const show = (unit: string, value: number, decimals: number) =>
  formattedValueToString(getValueFormat(unit)(value, decimals));

test('an amount shows all of its digits', () => {
  expect(show(exactUnit('currencyGBP'), 10_666_684.544, 3)).toBe('£10,666,684.544');
  expect(show(exactUnit('currencyEUR'), 1_234.5, 2)).toBe('€1,234.50');
});

test('an amount in a currency that Grafana has no unit for keeps its code', () => {
  expect(show(exactUnit('suffix: KWD'), 1_234.5, 3)).toBe('1,234.500 KWD');
});

test('a count shows all of its digits', () => {
  expect(show(exactUnit('short'), 19_960, 0)).toBe('19,960');
});

test('a duration shows all of its milliseconds', () => {
  expect(show(exactUnit('ms'), 1_234, 0)).toBe('1,234 ms');
  expect(show('ms', 1_234, 0)).toBe('1 s');
});

test('a share is shown in per cent', () => {
  expect(show(exactUnit('percentunit'), 0.1234, 2)).toBe('12.34%');
});

test('other units stay', () => {
  expect(exactUnit('percentunit')).toBe('percentunit');
});

test('the units that are replaced because they shorten are those that Grafana shortens', () => {
  expect(['currencyGBP', 'short', 'ms', 'percentunit', 'suffix: KWD', undefined].map(isShortened)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(show('currencyGBP', 10_666_684.544, 3)).toBe('£10.667M');
});
