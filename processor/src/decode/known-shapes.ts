import type { EventRegistry, EventSpec } from '@storepulse/contracts';
import { compileShape, type ReadShape } from './compile-shape.ts';
import { Scalar } from './scalar.ts';
import { shapeOf } from './shape.ts';

/** Shapes of one event type that are learned: optional fields are there or not. */
const MOST_SHAPES = 8;
/** Events of one type that are looked at for a shape, so that a source of which nothing can be learned costs nothing for long. */
const MOST_LOOKS = 64;

/** An event that was read, and fits the schema of its type. */
export interface ReadEvent {
  readonly event: object;
  readonly spec: EventSpec;
}

/** Reads events of shapes that were met before, from their bytes. */
export interface KnownShapes {
  /**
   * Reads an event.
   * @returns exactly what `JSON.parse` makes of the bytes; undefined when nothing is known of this shape, whatever the bytes are
   */
  read(bytes: Buffer): ReadEvent | undefined;
  /** Learns the shape of an event that `read` did not know and that fits the schema of its type. */
  learn(event: object, spec: EventSpec): void;
}

/** What is known of one type. */
interface KnownType {
  readonly spec: EventSpec;
  readonly shapes: ReadShape[];
  readonly learned: Set<string>;
  looks: number;
}

/** The beginning of an event whose shape can be known: `type` comes first, as every sender of ours writes it. */
const HEAD = Buffer.from('{"type":');

/** Begins without any shape. */
export function createKnownShapes(events: EventRegistry): KnownShapes {
  const types = new Map<unknown, KnownType>(
    [...events].map(([type, spec]) => [type, { spec, shapes: [], learned: new Set(), looks: 0 }]),
  );
  const typeName = new Scalar((value) => typeof value === 'string' && types.has(value));

  return {
    read: (bytes) => {
      for (let i = 0; i < HEAD.length; i++) if (bytes[i] !== HEAD[i]) return undefined;
      const type = types.get(typeName.read(bytes, HEAD.length));
      if (!type) return undefined;
      for (const read of type.shapes) {
        const event = read(bytes, typeName.end);
        if (event) return { event, spec: type.spec };
      }
      return undefined;
    },
    learn: (event, spec) => {
      const type = types.get(spec.type)!;
      if (type.shapes.length === MOST_SHAPES || type.looks === MOST_LOOKS) return;
      type.looks++;
      const shape = shapeOf(event, spec.schema);
      if (shape?.kind !== 'object' || shape.fields[0]?.[0] !== 'type') return;
      const known = JSON.stringify(shape);
      if (type.learned.has(known)) return;
      type.learned.add(known);
      type.shapes.push(compileShape(spec.type, shape.fields.slice(1)));
    },
  };
}
