import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { convertMoney, defaultScale, formatMoney, MoneyError, parseMoney, toCurrencyUnits } from './money.ts';

test('a decimal text becomes an exact integer of the scale', () => {
  assert.equal(parseMoney('2.55', 3), 2550);
  assert.equal(parseMoney('-11062.06', 3), -11_062_060);
  assert.equal(parseMoney('0.001', 3), 1);
  assert.equal(parseMoney('7', 0), 7);
});

test('what the scale cannot hold is refused, not rounded', () => {
  assert.throws(() => parseMoney('0.001', 2), MoneyError);
  assert.throws(() => parseMoney('1e3', 2), MoneyError);
  assert.throws(() => parseMoney('', 2), MoneyError);
  assert.throws(() => parseMoney('99999999999999999', 2), MoneyError);
});

test('writing and reading an amount gives the same amount back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 6 }), (amount, scale) => {
      assert.equal(parseMoney(formatMoney(amount, scale), scale), amount === 0 ? 0 : amount);
    }),
  );
});

test('in currency units an amount prints as its exact decimal', () => {
  assert.equal(String(toCurrencyUnits(10_666_684_544, 3)), '10666684.544');
  assert.equal(String(toCurrencyUnits(-22_124_120, 3)), '-22124.12');
});

test('an estimated amount in currency units keeps its fraction', () => {
  assert.equal(toCurrencyUnits(1_995.5, 2), 19.955);
  assert.equal(toCurrencyUnits(-0.5, 0), -0.5);
});

test('the scale of a currency defaults to its ISO exponent', () => {
  assert.deepEqual(['GBP', 'JPY', 'KWD'].map(defaultScale), [2, 0, 3]);
});

test('an amount is converted exactly, and rounded once, halves away from zero', () => {
  assert.equal(convertMoney(1_005, 2, '1.1', 2), 1_106);
  assert.equal(convertMoney(-1_005, 2, '1.1', 2), -1_106);
  assert.equal(convertMoney(1_005, 3, '191.5', 0), 192);
  assert.equal(convertMoney(2 ** 53 - 1, 2, '0.000000000001', 2), 9_007);
  assert.equal(convertMoney(9_007_199_254_740_991, 2, '1', 2), 9_007_199_254_740_991);
  assert.throws(() => convertMoney(2 ** 53 - 1, 2, '1.1', 2), MoneyError);
  assert.throws(() => convertMoney(1, 2, '1e3', 2), MoneyError);
});

test('a converted amount is within half a unit of the product', () => {
  const part = fc.integer({ min: 0, max: 999_999 });
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), part, part, (amount, whole, fraction) => {
      const digits = String(fraction).padStart(6, '0');
      const converted = convertMoney(amount, 2, `${whole}.${digits}`, 3);
      // In units of 10^-8 of the amount's product, as whole numbers.
      const product = BigInt(amount) * BigInt(`${whole}${digits}`);
      const off = BigInt(converted) * 10n ** 5n - product;
      assert.ok((off < 0n ? -off : off) * 2n <= 10n ** 5n, `${converted}`);
    }),
  );
});
