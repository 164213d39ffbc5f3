import { Type } from 'typebox';
import { ERRORS, type ErrorCode } from '../errors.ts';

/** The body of every error, after RFC 9457. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'urn:storepulse:problem:<code>' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'what is wrong, where, and what to do' }),
    code: Type.Union(Object.keys(ERRORS).map((code) => Type.Literal(code as ErrorCode))),
  },
  { description: 'RFC 9457 problem' },
);
