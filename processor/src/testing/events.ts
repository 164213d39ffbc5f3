/** The events that the tests of all parts are made of. */
export * from '@storepulse/contracts/testing/events';
