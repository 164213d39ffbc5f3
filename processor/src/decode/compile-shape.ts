import { makeFunction } from '@storepulse/contracts';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Scalar } from './scalar.ts';
import type { Shape, ShapeField } from './shape.ts';

/**
 * Reads the text of one shape, a whole JSON object, from its bytes.
 * @param at behind the value of `type`, which the text begins with
 * @returns undefined when the text is not exactly of this shape, or a value is one that `Scalar` does not read or that does
 * not fit its schema: it may still be sound
 */
export type ReadShape = (bytes: Buffer, at: number) => object | undefined;

/**
 * Compiles the reader of an event's shape: straight-line code that compares what lies between the values byte by byte, has
 * each value read by its `Scalar`, and makes the object at once.
 * @param fields those behind `type`
 */
export function compileShape(type: string, fields: readonly ShapeField[]): ReadShape {
  const lines: string[] = [];
  const given: Record<string, unknown> = {};
  let names = 0;
  const event = object(fields, [`"type": ${JSON.stringify(type)}`]);
  lines.push('if (at !== bytes.length) return undefined;', `return ${event};`);
  return makeFunction(['bytes', 'at'], lines, given) as ReadShape;

  /** Writes the reading of a value. @returns its code */
  function value(shape: Shape): string {
    switch (shape.kind) {
      case 'scalar':
        return scalar(shape.schema);
      case 'object':
        return object(shape.fields, []);
      case 'list':
        return list(shape);
    }
  }

  function scalar(schema: TSchema | undefined): string {
    const name = `v${names++}`;
    given[`scalar_${name}`] = new Scalar(schema === undefined ? () => true : checkOf(schema));
    lines.push(
      `const ${name} = scalar_${name}.read(bytes, at);`,
      `if (${name} === undefined) return undefined;`,
      `at = scalar_${name}.end;`,
    );
    return name;
  }

  /** @param known fields that were read before */
  function object(fields: readonly ShapeField[], known: readonly string[]): string {
    const parts = [...known];
    if (parts.length === 0) expect('{');
    for (const [name, shape] of fields) {
      const key = JSON.stringify(name);
      expect(parts.length === 0 ? `${key}:` : `,${key}:`);
      parts.push(`${key}: ${value(shape)}`);
    }
    expect('}');
    return `{ ${parts.join(', ')} }`;
  }

  function list({ each, least, most }: Shape & { kind: 'list' }): string {
    const name = `v${names++}`;
    lines.push(`const ${name} = [];`);
    expect('[');
    if (each) {
      lines.push(`if (bytes[at] !== ${byteOf(']')}) {`, 'for (;;) {');
      lines.push(`${name}.push(${value(each)});`);
      lines.push(`if (bytes[at] !== ${byteOf(',')}) break;`, 'at++;', '}', '}');
    }
    expect(']');
    lines.push(`if (${name}.length < ${least} || ${name}.length > ${most}) return undefined;`);
    return name;
  }

  /** Writes that these bytes come next. */
  function expect(text: string): void {
    const differs = [...text].map((each, i) => `bytes[at + ${i}] !== ${byteOf(each)}`);
    lines.push(`if (${differs.join(' || ')}) return undefined;`, `at += ${text.length};`);
  }
}

function checkOf(schema: TSchema): (value: unknown) => boolean {
  const compiled = Compile(schema);
  return (value) => compiled.Check(value);
}

const byteOf = (character: string) => character.charCodeAt(0);
