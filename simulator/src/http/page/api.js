/** A request was not done; the message says what to do. */
export class ApiError extends Error {}

/** The simulator asks for a key, or for another one. */
export class KeyNeeded extends ApiError {}

const STORED_AS = 'storepulse-simulator-key';

/**
 * Talks to the simulator that served this page.
 * @param {Storage} storage where the key is kept
 */
export function createApi(storage) {
  return {
    /** @param {string} key */
    useKey(key) {
      storage.setItem(STORED_AS, key);
    },

    /**
     * @param {string} method
     * @param {string} path
     * @param {object} [body]
     * @returns {Promise<any>} the answer
     * @throws {KeyNeeded} when the simulator asks for a key
     * @throws {ApiError} when it does not answer, or refuses
     */
    async request(method, path, body) {
      const key = storage.getItem(STORED_AS);
      const response = await fetch(path, {
        method,
        headers: {
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(key ? { authorization: `Bearer ${key}` } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }).catch(() => {
        throw new ApiError('The simulator does not answer. Is it running? npm run status tells.');
      });
      if (response.status === 401) throw new KeyNeeded(key ? 'This is not its key.' : '');
      const answer = await response.json();
      if (!response.ok) throw new ApiError(answer.detail);
      return answer;
    },
  };
}
/** @typedef {ReturnType<typeof createApi>} Api */
