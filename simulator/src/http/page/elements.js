/**
 * The element of that id.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type what it must be
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`The page has no ${type.name} #${id}`);
  return element;
}

/** @param {string} id */
export const inputOf = (id) => byId(id, HTMLInputElement);

/**
 * Shows a text, and leaves the element alone when it shows that text already: a reader aloud would say it again.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
