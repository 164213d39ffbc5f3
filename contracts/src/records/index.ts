/** What is listed one by one, beside the figures. */
export type * from './answers.ts';
export * from './model.ts';
export * from './names.ts';
export * from './schemas.ts';
export * from './search.ts';
export { RECORDS } from './specs.ts';
